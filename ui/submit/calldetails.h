// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/livepool.h"

#include <QWidget>

#include <optional>

class QPlainTextEdit;
class QPushButton;

namespace Poolscope {

class ElidedLabel;
class NumberSpinBox;

/// One call: all there is to say of it, and get() with a timeout.
class CallDetails final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(CallDetails)

public:
    explicit CallDetails(QWidget *parent = nullptr);

    /// \param call  nothing: none is chosen
    void show(const LivePool &pool, std::optional<std::uint64_t> call);
    /// Asks for get() as the button does.
    void wantGet();

Q_SIGNALS:
    void getWanted(quint64 call, std::optional<double> timeout);

protected:
    void changeEvent(QEvent *event) override;

private:
    void applyTheme();

    std::optional<std::uint64_t> m_call;
    QPushButton *m_get;
    NumberSpinBox *m_timeout;
    ElidedLabel *m_got;
    QPlainTextEdit *m_text;
    bool m_hasRaised = false;
    bool m_isFinal = false; ///< What the text says of m_call will not change.
};

} // namespace Poolscope

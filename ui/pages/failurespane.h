// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/failuresmodel.h"

#include <QSplitter>

class QPlainTextEdit;

namespace Poolscope {

class DataTable;

/// The failed items and, beside the list, all there is to say of the chosen one.
class FailuresPane final : public QSplitter
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(FailuresPane)

public:
    explicit FailuresPane(FailuresModel *model, QWidget *parent = nullptr);

protected:
    void changeEvent(QEvent *event) override;

private:
    void showCurrent();
    void applyTheme();

    DataTable *m_table;
    QPlainTextEdit *m_details;
};

} // namespace Poolscope

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/input/inputsource.h"

#include <QObject>
#include <QStringList>

#include <memory>

namespace Poolscope {

/// Counts an input and shows its first items without blocking.
class InputPreview final : public QObject
{
    Q_OBJECT
public:
    explicit InputPreview(QObject *parent = nullptr);
    ~InputPreview() override;

    /// Starts to read `input`; a call that is still under way is dropped.
    void load(const QString &input, const InputOptions &options);

Q_SIGNALS:
    void itemsRead(const QStringList &items);   ///< up to 20, JSON text, cut at 500 characters each
    void counted(quint64 items, bool complete); ///< now and then, the last time with complete = true
    void failed(const QString &message);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace Poolscope

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tasks/taskcatalog.h"

#include <QObject>

#include <memory>

namespace Poolscope {

/// Lists the functions of a Python file without importing it: an interpreter reads its syntax tree in a
/// process of its own. Does not block.
class PythonFileBrowser final : public QObject
{
    Q_OBJECT
public:
    explicit PythonFileBrowser(QObject *parent = nullptr);
    ~PythonFileBrowser() override;

    /// Starts to read `file`; a call that is still under way is dropped.
    /// \param python  interpreter; empty: python3 from PATH
    void browse(const QString &file, const QString &python = {});

Q_SIGNALS:
    /// Exactly one of these follows each browse().
    void found(const QList<Poolscope::TaskDescription> &tasks);
    void failed(const QString &message);

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace Poolscope

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QObject>
#include <QProcess>
#include <QString>

namespace Poolscope {

/// Runs the inspector (resources/python) on a Python file: it reads the file's syntax tree and never imports
/// it.
class PythonInspection final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(PythonInspection)
public:
    explicit PythonInspection(QObject *parent = nullptr);
    ~PythonInspection() override;

    void start(const QString &file, const QString &python);

Q_SIGNALS:
    void finished(const QByteArray &json);
    void failed(const QString &message);

private:
    QProcess m_process;
};

} // namespace Poolscope

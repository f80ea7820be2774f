// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

class QGridLayout;

namespace Poolscope {

/// The keys of the timeline, and what the words on the pages mean. It may stay open beside the window.
class KeysAndTerms final : public QDialog
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(KeysAndTerms)

public:
    explicit KeysAndTerms(QWidget *parent = nullptr);

private:
    using Entries = QList<std::pair<QString, QString>>;

    static Entries keys();
    static Entries terms();
    void addSection(QGridLayout *grid, const QString &title, const Entries &entries);
};

} // namespace Poolscope

// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/named.h"
#include "ui/compare/contestantsdialog.h"
#include "ui/compare/racecontrols.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>
#include <QTest>
#include <QToolButton>

using namespace Poolscope;

namespace {

QList<Contestant> read(const char *text)
{
    QString problem;
    return parseContestants(QString::fromUtf8(text), &problem);
}

QString nothingToRemark(const QList<Contestant> &)
{
    return {};
}

bool canBeAccepted(ContestantsDialog &dialog)
{
    return dialog.findChild<QDialogButtonBox *>()->button(QDialogButtonBox::Ok)->isEnabled();
}

QString problemOf(ContestantsDialog &dialog)
{
    return named<QLabel>(dialog, "What is wrong with the contestants")->text();
}

void chooseWay(ContestantsDialog &dialog, const char *field, const QString &way)
{
    auto *const box = named<QComboBox>(dialog, field);
    box->setCurrentText(way);
    Q_EMIT box->activated(box->currentIndex());
}

} // namespace

class ContestantsDialogTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyWayIsShownAsItIs_data()
    {
        QTest::addColumn<QByteArray>("contestants");
        for (const char *contestants :
             {"map,imap,imap_unordered", "map:chunksize=4,map:chunksize=auto,map:chunksize=all",
              "imap:processes=2,loop,process_per_item:processes=3,threads:processes=4",
              "multiprocessing.imap_unordered:chunksize=7:processes=2,apply,starmap_async"})
            QTest::newRow(contestants) << QByteArray(contestants);
    }
    void everyWayIsShownAsItIs()
    {
        QFETCH(const QByteArray, contestants);
        const QList<Contestant> chosen = read(contestants);
        QVERIFY(chosen.size() > 1);
        ContestantsDialog dialog(chosen, nothingToRemark);
        QCOMPARE(dialog.contestants(), chosen);
        QVERIFY(canBeAccepted(dialog));
        for (qsizetype at = 0; at < chosen.size(); ++at) {
            const Contestant &contestant = chosen[at];
            const auto field = [at](const char *name) {
                return QStringLiteral("%1 of contestant %2").arg(QLatin1String(name)).arg(at + 1);
            };
            Contestant way = contestant;
            way.chunksize = {};
            way.processes.reset();
            QCOMPARE(named<QComboBox>(dialog, field("Way"))->currentText(), way.name());
            auto *const chunksize = named<QComboBox>(dialog, field("Chunk size"));
            QCOMPARE(chunksize->currentText(), contestant.chunksize.text());
            QCOMPARE(chunksize->isEnabled(), contestant.hasChunks());
            auto *const processes = named<QSpinBox>(dialog, field("Processes"));
            QCOMPARE(processes->value(), contestant.processes.value_or(0));
            QCOMPARE(processes->isEnabled(), contestant.hasProcesses());
        }
    }

    void whatIsChosenIsTheirs()
    {
        ContestantsDialog dialog(read("map:chunksize=4:processes=2,imap"), nothingToRemark);
        chooseWay(dialog, "Way of contestant 1", QStringLiteral("multiprocessing.imap"));
        QCOMPARE(textOf(dialog.contestants()),
                 QStringLiteral("multiprocessing.imap:chunksize=4:processes=2,imap"));
        chooseWay(dialog, "Way of contestant 1", QStringLiteral("process per item"));
        QCOMPARE(textOf(dialog.contestants()), QStringLiteral("process_per_item:processes=2,imap"));
        named<QComboBox>(dialog, "Chunk size of contestant 2")->setEditText(QStringLiteral("all"));
        named<QSpinBox>(dialog, "Processes of contestant 1")->setValue(0);
        QCOMPARE(textOf(dialog.contestants()), QStringLiteral("process_per_item,imap:chunksize=all"));
        named<QPushButton>(dialog, "Add a contestant")->click();
        QCOMPARE(textOf(dialog.contestants()), QStringLiteral("process_per_item,imap:chunksize=all,map"));
        named<QToolButton>(dialog, "Remove contestant 1")->click();
        QCOMPARE(textOf(dialog.contestants()), QStringLiteral("imap:chunksize=all,map"));
        QVERIFY(canBeAccepted(dialog));
    }

    void nonsenseIsNotAccepted()
    {
        ContestantsDialog dialog(read("map,imap"), nothingToRemark);
        auto *const chunksize = named<QComboBox>(dialog, "Chunk size of contestant 1");
        for (const char *wrong : {"au", "0", "-1", "4.5"}) {
            chunksize->setEditText(QLatin1String(wrong));
            QVERIFY2(!canBeAccepted(dialog), wrong);
            QVERIFY(problemOf(dialog).contains(QStringLiteral("whole number")));
        }
        chunksize->setEditText(QStringLiteral("auto"));
        QVERIFY(canBeAccepted(dialog));
        QVERIFY(problemOf(dialog).isEmpty());
        chunksize->setEditText({});
        chooseWay(dialog, "Way of contestant 2", QStringLiteral("map"));
        QVERIFY(!canBeAccepted(dialog));
        QVERIFY(problemOf(dialog).contains(QStringLiteral("twice")));
        named<QToolButton>(dialog, "Remove contestant 2")->click();
        QVERIFY(!canBeAccepted(dialog)); // one alone
    }

    void whoCannotRaceOnTheJobIsSaid()
    {
        ContestantsDialog dialog(read("map,loop"), [](const QList<Contestant> &list) {
            return list.contains(Contestant{.way = Way::PlainLoop}) ? QStringLiteral("no loop") : QString();
        });
        QCOMPARE(problemOf(dialog), QStringLiteral("no loop"));
        QVERIFY(canBeAccepted(dialog)); // the job may be another one by then
        chooseWay(dialog, "Way of contestant 2", QStringLiteral("imap"));
        QCOMPARE(problemOf(dialog), QString());
    }

    void theyAreThoseOfThePageWhenAccepted()
    {
        RaceControls controls([] { return JobSpec(); });
        auto *const field = named<QComboBox>(controls, "Contestants");
        field->setEditText(QStringLiteral("map,imap"));
        for (const bool isAccepted : {false, true}) {
            named<QPushButton>(controls, "Choose contestants")->click();
            auto *const dialog = controls.findChild<ContestantsDialog *>();
            QVERIFY(dialog);
            named<QPushButton>(*dialog, "Add a contestant")->click();
            isAccepted ? dialog->accept() : dialog->reject();
            QTRY_VERIFY(!controls.findChild<ContestantsDialog *>());
            QCOMPARE(field->currentText(),
                     isAccepted ? QStringLiteral("map,imap,starmap") : QStringLiteral("map,imap"));
        }
    }
};

QTEST_MAIN(ContestantsDialogTest)
#include "tst_contestantsdialog.moc"

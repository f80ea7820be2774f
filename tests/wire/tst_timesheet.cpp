// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/wire/timesheet.h"

#include <QtTest>

#include <vector>

using namespace Poolscope;

class TimeSheetTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void whatIsWrittenIsRead()
    {
        std::vector<std::uint64_t> memory(Wire::timeSheetSize(3) / 8);
        Wire::TimeSheet::initialise(memory.data(), 3);
        Wire::TimeSheet writer;
        Wire::TimeSheet reader;
        QVERIFY(writer.attach(memory.data(), memory.size() * 8));
        QVERIFY(reader.attach(memory.data(), memory.size() * 8));
        QCOMPARE(reader.items(), 3U);
        QCOMPARE(reader.began(), 0);
        QCOMPARE(reader.delivered(), 0U);
        QCOMPARE(reader.item(2).started, 0);

        writer.begin(1000);
        writer.itemBegins(2, 7, 1001);
        QCOMPARE(reader.began(), 1000);
        QCOMPARE(reader.item(2).started, 1001);
        QCOMPARE(reader.item(2).worker, 7U);
        QCOMPARE(reader.item(2).state, Wire::SheetState::Begun);
        writer.itemEnds(2, 7, 1005, true);
        writer.deliver(2, 1006);
        writer.itemBegins(0, 8, 1002);
        writer.itemEnds(0, 8, 1007, false);
        writer.deliver(0, 1009);
        QCOMPARE(reader.item(2).finished, 1005);
        QCOMPARE(reader.item(2).state, Wire::SheetState::Ok);
        QCOMPARE(reader.item(0).state, Wire::SheetState::Failed);
        QCOMPARE(reader.item(1).started, 0);
        QCOMPARE(reader.delivered(), 2U);
        QCOMPARE(reader.result(0).index, 2U);
        QCOMPARE(reader.result(0).delivered, 1006);
        QCOMPARE(reader.result(1).index, 0U);
    }

    void memoryThatIsNoSheetIsRefused()
    {
        std::vector<std::uint64_t> memory(Wire::timeSheetSize(4) / 8);
        Wire::TimeSheet sheet;
        QVERIFY(!sheet.attach(memory.data(), memory.size() * 8));
        Wire::TimeSheet::initialise(memory.data(), 4);
        QVERIFY(!sheet.attach(memory.data(), memory.size() * 8 - 8)); // an item short
        QVERIFY(!sheet.attach(memory.data(), 8));
        QVERIFY(sheet.attach(memory.data(), memory.size() * 8));
    }

    void moreResultsThanItemsAreNotRead() // written by a process that runs anyone's code
    {
        std::vector<std::uint64_t> memory(Wire::timeSheetSize(2) / 8);
        Wire::TimeSheet::initialise(memory.data(), 2);
        Wire::TimeSheet sheet;
        QVERIFY(sheet.attach(memory.data(), memory.size() * 8));
        memory[3] = 1'000'000;
        QCOMPARE(sheet.delivered(), 2U);
    }
};

QTEST_APPLESS_MAIN(TimeSheetTest)
#include "tst_timesheet.moc"

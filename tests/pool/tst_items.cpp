// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pool/items.h"

#include <QJsonArray>
#include <QTemporaryDir>
#include <QtTest>

#include <filesystem>
#include <list>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace Poolscope {

// What has several meanings, or no end, does not compile.
static_assert(!std::constructible_from<Items, std::string>);
static_assert(!std::constructible_from<Items, QString>);
static_assert(!std::constructible_from<Items, const char *>);
static_assert(!std::constructible_from<Items, QByteArray>);
static_assert(!std::constructible_from<Items, std::map<std::string, int>>);
static_assert(!std::constructible_from<Items, std::filesystem::path>);
static_assert(!std::constructible_from<Items, decltype(std::views::iota(1))>);
static_assert(!std::constructible_from<Items, int>);
static_assert(!std::copy_constructible<Items>);
static_assert(std::movable<Items>);

class ItemsTest final : public QObject
{
    Q_OBJECT

    static QByteArray lines(Items items)
    {
        items.readAll();
        const QByteArray text = QByteArray::fromStdString(items.m_lines);
        // A row for each that is counted, and nothing left to read.
        if (items.m_count != static_cast<std::uint64_t>(text.count('\n')) || items.m_source)
            return "counted " + QByteArray::number(qulonglong(items.m_count)) + ": " + text;
        return text;
    }

    QTemporaryDir m_folder;

    QString file(const QString &name, const QByteArray &content) const
    {
        const QString path = m_folder.filePath(name);
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
            qFatal("cannot write %s", qPrintable(path));
        return path;
    }

private Q_SLOTS:
    void listsAreItems_data()
    {
        QTest::addColumn<QByteArray>("actual");
        QTest::addColumn<QByteArray>("expected");
#define ROW(expected, ...) QTest::newRow(#__VA_ARGS__) << lines(__VA_ARGS__) << QByteArray(expected)
        ROW("", {}); // S2.6
        ROW("1\n2\n3\n", {1, 2, 3});
        ROW("1\n", {1});
        ROW("1\n\"two\"\nnull\n[3]\n", {1, "two", nullptr, std::vector{3}});
        ROW("\"a\"\n\"b\"\n", {"a", "b"});
        ROW("[1,2]\n[3,4]\n", {{1, 2}, {3, 4}}); // S2.8
        ROW("[1,2]\n", {{1, 2}});
        ROW("[\"a\",\"b\"]\n[\"c\",\"d\"]\n", {{"a", "b"}, {"c", "d"}});
        ROW("[1,\"a\"]\n[2,[3]]\n", {{1, "a"}, {2, std::vector{3}}});
        ROW("[1]\n[2]\n", {std::tuple(1), std::tuple(2)});
        ROW("\"a\\nb\"\n", {"a\nb"});
#undef ROW
    }
    void listsAreItems()
    {
        QFETCH(QByteArray, actual);
        QFETCH(QByteArray, expected);
        QCOMPARE(actual, expected);
    }

    void rangesAreItems() // S2.8
    {
        const std::vector numbers = {1, 2, 3};
        QCOMPARE(lines(numbers), QByteArray("1\n2\n3\n"));
        QCOMPARE(lines(std::vector<int>()), QByteArray());
        QCOMPARE(lines({numbers}), QByteArray("[1,2,3]\n"));
        QCOMPARE(lines(std::vector{true, false}), QByteArray("true\nfalse\n"));
        QCOMPARE(lines(std::set<QString>{"b", "a"}), QByteArray("\"a\"\n\"b\"\n"));
        QCOMPARE(lines(QStringList{"a", "b\n"}), QByteArray("\"a\"\n\"b\\n\"\n"));
        QCOMPARE(lines(std::views::iota(1, 4)), QByteArray("1\n2\n3\n"));
        QCOMPARE(lines(numbers | std::views::filter([](int i) { return i != 2; })), QByteArray("1\n3\n"));
        QCOMPARE(lines(std::vector{std::pair(1, "a"), std::pair(2, "b")}),
                 QByteArray("[1,\"a\"]\n[2,\"b\"]\n"));
        QCOMPARE(lines(std::list<Value>{1, "a"}), QByteArray("1\n\"a\"\n"));
        QCOMPARE(lines(QJsonArray{1, 2.5, "a", QJsonArray{1}}), QByteArray("1\n2.5\n\"a\"\n[1]\n"));
        const std::map<std::string, int> ages = {{"Ada", 36}, {"Bob", 7}};
        QCOMPARE(lines(std::views::keys(ages)), QByteArray("\"Ada\"\n\"Bob\"\n"));
        const int plain[] = {4, 5};
        QCOMPARE(lines(plain), QByteArray("4\n5\n"));
    }

    void rangesAreCopiedAtOnce() // S2.4
    {
        std::vector numbers = {1, 2};
        Items items(numbers);
        numbers.clear();
        QCOMPARE(lines(std::move(items)), QByteArray("1\n2\n"));
        int asked = 0;
        const auto counted = std::views::transform(std::views::iota(0, 3), [&asked](int i) {
            ++asked;
            return i;
        });
        const Items copied(counted);
        QCOMPARE(asked, 3);
    }

    void anItemThatCannotTravelIsRefused() // S10.6
    {
        QVERIFY_EXCEPTION_THROWN(Items({1.0, qQNaN()}), ValueError);
        QVERIFY_EXCEPTION_THROWN(Items(std::vector{1.0, qInf()}), ValueError);
        QVERIFY_EXCEPTION_THROWN(Items(std::vector<std::string>{"\xff"}), ValueError);
    }

    void generatedItemsAreAskedForOneByOne()
    {
        int asked = 0;
        Items items = Items::generate([&asked]() -> std::optional<Value> {
            ++asked;
            return asked <= 5 ? std::optional<Value>(asked) : std::nullopt;
        });
        QCOMPARE(asked, 0);
        std::string out;
        QCOMPARE(items.m_source->read(out, 2), 2u);
        QCOMPARE(asked, 2);
        QCOMPARE(items.m_source->read(out, 3), 3u);
        QCOMPARE(asked, 5);
        QCOMPARE(items.m_source->read(out, 3), 0u);
        QCOMPARE(items.m_source->read(out, 3), 0u);
        QCOMPARE(asked, 6); // never again after the end
        QCOMPARE(out, std::string("1\n2\n3\n4\n5\n"));
    }

    void generatedItemsAreReadToTheEnd() // S2.4
    {
        constexpr int most = 200'000;
        QByteArray expected;
        for (int i = 0; i < most; ++i)
            expected += QByteArray::number(i) + '\n';
        QCOMPARE(lines(Items::generate(
                     [n = 0]() mutable { return n < most ? std::optional<Value>(n++) : std::nullopt; })),
                 expected);
        QCOMPARE(lines(Items::generate([] { return std::optional<Value>(); })), QByteArray());
    }

    void aThrowingGeneratorEnds() // S5.13
    {
        struct Mine
        {
            int number;
        };
        int asked = 0;
        Items items = Items::generate([&asked]() -> std::optional<Value> {
            if (++asked == 3)
                throw Mine{7};
            return asked;
        });
        std::string out;
        try {
            items.m_source->read(out, 5);
            QFAIL("it did not throw");
        } catch (const Mine &mine) {
            QCOMPARE(mine.number, 7);
        }
        QCOMPARE(out, std::string("1\n2\n"));
        QCOMPARE(items.m_source->read(out, 5), 0u);
        QCOMPARE(asked, 3);

        Items whole = Items::generate([]() -> std::optional<Value> { throw std::out_of_range("gone"); });
        QVERIFY_EXCEPTION_THROWN(whole.readAll(), std::out_of_range);
    }

    void aGeneratorCanBeCancelled()
    {
        Items items;
        items = Items::generate([&items, n = 0]() mutable -> std::optional<Value> {
            if (n == 2)
                items.m_source->cancel();
            return n++;
        });
        std::string out;
        QCOMPARE(items.m_source->read(out, 10), 3u);
        QCOMPARE(items.m_source->read(out, 10), 0u);
        QCOMPARE(out, std::string("0\n1\n2\n"));
    }

    void noFunctionIsNoGenerator()
    {
        QVERIFY_EXCEPTION_THROWN(Items::generate({}), ValueError);
    }

    void inputsAreThoseOfTheCommandLine()
    {
        QCOMPARE(lines(Items::input("range:3")), QByteArray("0\n1\n2\n"));
        const QString text = file("words.txt", "a b\n12\n");
        QCOMPARE(lines(Items::input(text)), QByteArray("\"a b\"\n12\n"));
        QCOMPARE(lines(Items::input(text, {ItemType::Text, false})), QByteArray("\"a b\"\n\"12\"\n"));
        const QString table = file("numbers.csv", "n\n1\n2\n");
        QCOMPARE(lines(Items::input(table)), lines(Items::input(table, {ItemType::Auto, false})));
        QVERIFY(lines(Items::input(table)) != lines(Items::input(table, {ItemType::Auto, true})));
        QCOMPARE(lines(Items::input(file("values.jsonl", "{\"a\": 1.50}\n[]\n"))),
                 QByteArray("{\"a\": 1.50}\n[]\n"));
    }

    void inputsAreReadAsTheyAreTaken()
    {
        Items items = Items::input("range:1000000000000");
        std::string out;
        QCOMPARE(items.m_source->read(out, 3), 3u);
        QCOMPARE(out, std::string("0\n1\n2\n"));
        items.m_source->cancel();
    }

    void aWrongInputIsAValueError_data()
    {
        QTest::addColumn<QString>("input");
        QTest::addColumn<QString>("problem");
        QTest::newRow("nonsense") << QStringLiteral("range:x") << QStringLiteral("range:x");
        QTest::newRow("kind") << QStringLiteral("rang:5")
                              << QStringLiteral("neither a file nor a kind of input");
        QTest::newRow("missing") << QStringLiteral("/no/such/file")
                                 << QStringLiteral("/no/such/file cannot be read");
        QTest::newRow("folder") << QStringLiteral("/") << QStringLiteral("this is a folder");
        QTest::newRow("nothing") << QString() << QStringLiteral("no input was given");
    }
    void aWrongInputIsAValueError()
    {
        QFETCH(QString, input);
        QFETCH(QString, problem);
        try {
            Items::input(input);
            QFAIL("it was taken");
        } catch (const ValueError &error) {
            QVERIFY2(error.message().contains(problem), error.what());
        }
    }

    void aWrongItemOfAnInputIsAValueErrorInItsPlace() // S5.13
    {
        Items items = Items::input(file("wrong.jsonl", "1\n2\nx\n4\n"));
        std::string out;
        try {
            items.m_source->read(out, 10);
            QFAIL("it was taken");
        } catch (const ValueError &error) {
            QVERIFY2(error.message().contains("wrong.jsonl, line 3: not valid JSON at column 1"),
                     error.what());
        }
        QCOMPARE(out, std::string("1\n2\n"));
        QVERIFY_EXCEPTION_THROWN(Items::input(m_folder.filePath("wrong.jsonl")).readAll(), ValueError);
    }
};

} // namespace Poolscope

QTEST_GUILESS_MAIN(Poolscope::ItemsTest)
#include "tst_items.moc"

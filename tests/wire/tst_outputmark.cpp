// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/wire/outputmark.h"

#include <QtTest>

using namespace Poolscope::Wire;

namespace {

const std::string token = "0123456789abcdef0123456789abcdef";

/// What was printed, with the item behind each marked part: "text{7}".
class Reader
{
public:
    void feed(std::string_view bytes)
    {
        m_splitter.feed(bytes, [this](const OutputSplitter::Part &part) { add(part); });
    }
    std::string finish()
    {
        m_splitter.finish([this](const OutputSplitter::Part &part) { add(part); });
        return m_text;
    }

private:
    void add(const OutputSplitter::Part &part)
    {
        m_text += part.text;
        if (part.isMarked)
            m_text.append("{").append(part.item ? std::to_string(*part.item) : "-").append("}");
    }

    OutputSplitter m_splitter{token};
    std::string m_text;
};

} // namespace

class OutputMarkTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void findsMarksHoweverTheBytesCome_data()
    {
        QTest::addColumn<std::string>("stream");
        QTest::addColumn<std::string>("read");
        const std::string seven = outputMark(token, 7);
        QCOMPARE(seven.size(), outputMarkSize);
        QTest::newRow("nothing") << std::string() << std::string();
        QTest::newRow("no mark") << std::string("one\ntwo") << std::string("one\ntwo");
        QTest::newRow("a line") << "one\n" + seven << std::string("one\n{7}");
        QTest::newRow("half a line") << "one" + seven + "two" << std::string("one{7}two");
        QTest::newRow("two in a row") << seven + outputMark(token, 8) << std::string("{7}{8}");
        QTest::newRow("none") << "set-up" + outputMark(token, std::nullopt) << std::string("set-up{-}");
        QTest::newRow("large") << outputMark(token, 0xfffffffffffffffe)
                               << std::string("{18446744073709551614}");
        QTest::newRow("another token")
            << outputMark(std::string(32, 'f'), 7) << outputMark(std::string(32, 'f'), 7);
        QTest::newRow("no number") << std::string(1, '\x1e') + token + " 00000000000000x7\n" + seven
                                   << std::string(1, '\x1e') + token + " 00000000000000x7\n{7}";
        QTest::newRow("no line break at its end") << seven.substr(0, 50) + "x" << seven.substr(0, 50) + "x";
        QTest::newRow("its first character before it") << "\x1e\x1e" + seven << std::string("\x1e\x1e{7}");
        QTest::newRow("cut off") << "one" + seven.substr(0, 40) << "one" + seven.substr(0, 40);
        QTest::newRow("a zero byte") << std::string("a\0b", 3) + seven << std::string("a\0b", 3) + "{7}";
    }
    void findsMarksHoweverTheBytesCome()
    {
        QFETCH(std::string, stream);
        QFETCH(std::string, read);
        for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
            Reader reader;
            reader.feed(std::string_view(stream).substr(0, cut));
            reader.feed(std::string_view(stream).substr(cut));
            QCOMPARE(reader.finish(), read);
        }
        Reader byByte;
        for (const char &byte : stream)
            byByte.feed({&byte, 1});
        QCOMPARE(byByte.finish(), read);
    }

    void keepsNothingBackThatIsNoMark()
    {
        std::string text;
        OutputSplitter splitter(token);
        splitter.feed("a prompt: ", [&](const OutputSplitter::Part &part) { text += part.text; });
        QCOMPARE(text, std::string("a prompt: "));
    }
};

QTEST_GUILESS_MAIN(OutputMarkTest)
#include "tst_outputmark.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pool/run.h"

#include <QTemporaryDir>
#include <QtTest>

using namespace Poolscope;

/// Runs with a worker program of the test's own, which answers every chunk with the same bytes.
class HostileWorkerTest final : public QObject
{
    Q_OBJECT

    QTemporaryDir m_home;

    void write(const QString &name, const QByteArray &text)
    {
        QFile file(m_home.filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
        file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    }

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(QDir(m_home.path()).mkpath(QStringLiteral("bin")));
        QVERIFY(QDir(m_home.path()).mkpath(QStringLiteral("lib/poolscope")));
        QVERIFY(QFile::link(qEnvironmentVariable("POOLSCOPE_HOME") + QStringLiteral("/lib/poolscope/tasks"),
                            m_home.filePath(QStringLiteral("lib/poolscope/tasks"))));
        write(QStringLiteral("bin/poolscope-worker"), R"(#!/usr/bin/env python3
import os, struct, sys

def read(n):
    data = b""
    while len(data) < n:
        more = os.read(0, n - len(data))
        if not more:
            sys.exit(0)
        data += more
    return data

answer = open(os.path.join(os.path.dirname(__file__), "answer")).read()
os.write(1, b"P\x02B\x00\x00\x00\x00\x00")
while True:
    header = read(8)
    payload = read(struct.unpack("<I", header[4:])[0])
    if header[2] == 3:
        chunk, first = struct.unpack_from("<QQ", payload)
        exec(answer)
    if header[2] == 5:
        sys.exit(0)
)");
        qputenv("POOLSCOPE_HOME", m_home.path().toUtf8());
    }

    void aWorkerThatBreaksTheProtocolIsEndedWithANamedError_data()
    {
        QTest::addColumn<QByteArray>("answer");
        QTest::addColumn<QString>("word");
        QTest::addRow("text") << QByteArray("b'hello, this is no frame'")
                              << QStringLiteral("no frame begins here");
        QTest::addRow("unknown type")
            << QByteArray("b'P\\x02\\xc8\\x00\\x00\\x00\\x00\\x00'") << QStringLiteral("unknown frame type");
        QTest::addRow("other version")
            << QByteArray("b'P\\x07D\\x00\\x00\\x00\\x00\\x00'") << QStringLiteral("protocol version 7");
        QTest::addRow("empty result")
            << QByteArray("b'P\\x02D\\x00\\x00\\x00\\x00\\x00'") << QStringLiteral("makes no sense");
        QTest::addRow("unknown chunk")
            << QByteArray("b'P\\x02D\\x00' + struct.pack('<IQQII', 24, 999, 0, 1, 0)")
            << QStringLiteral("makes no sense");
        QTest::addRow("line break in a value")
            << QByteArray("b'P\\x02D\\x00' + struct.pack('<IQQIIqqqIIII', 24 + 40 + 3, chunk, first, 1, 0, "
                          "1, 2, 1, 3, 0, 0, 0) + b'1\\n2'")
            << QStringLiteral("makes no sense");
        QTest::addRow("claims it was cancelled")
            << QByteArray("b'P\\x02D\\x00' + struct.pack('<IQQIIqqqIIII', 24 + 40, chunk, first, 1, 0, 1, 2, "
                          "1, 0, 0, 0, 4)")
            << QStringLiteral("makes no sense");
    }
    void aWorkerThatBreaksTheProtocolIsEndedWithANamedError()
    {
        QFETCH(QByteArray, answer);
        QFETCH(QString, word);
        write(QStringLiteral("bin/answer"), "os.write(1, " + answer + ")\n");
        JobSpec spec;
        spec.task = QStringLiteral("square");
        spec.input = QStringLiteral("range:3");
        spec.method = Method::Imap;
        spec.processes = 2;
        const auto run = Run::start(spec, {.record = true});
        run->wait();
        const RunSnapshot figures = run->snapshot();
        QVERIFY2(figures.problem.empty(), figures.problem.c_str());
        QCOMPARE(figures.items.lost, 3u);
        QCOMPARE(figures.items.read, 3u);
        const std::vector<ItemRecord> failures = run->failures(0, 10);
        QCOMPARE(failures.size(), std::size_t(3));
        QVERIFY2(QString::fromStdString(failures[0].value).contains(word), failures[0].value.c_str());
    }

    void anAnswerThatIsRightIsTaken()
    {
        write(QStringLiteral("bin/answer"), "os.write(1, b'P\\x02D\\x00' + struct.pack('<IQQIIqqqIIII', 24 + "
                                            "40 + 2, chunk, first, 1, 0, 1, 2, 1, 2, 0, 0, 0)"
                                            " + b'42')\n");
        JobSpec spec;
        spec.task = QStringLiteral("square");
        spec.input = QStringLiteral("range:30");
        spec.method = Method::Imap;
        const auto run = Run::start(spec, {.record = true});
        run->wait();
        QCOMPARE(run->snapshot().items.ok, 30u);
        QCOMPARE(run->delivered(0, 1)[0].value, std::string("42"));
    }
};

QTEST_GUILESS_MAIN(HostileWorkerTest)
#include "tst_hostileworker.moc"

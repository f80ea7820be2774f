// SPDX-License-Identifier: GPL-3.0-or-later
// Calls of all kinds in one pool at the same time, and what becomes of those that go wrong.
#include <QCoreApplication>

#include <atomic>
#include <iostream>
#include <vector>

#include <poolscope/pool.h>

using namespace Poolscope;

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    const QString python = QCoreApplication::applicationDirPath() + "/mixed.py:";
    Pool pool;

    // Callbacks run in a thread of the pool, one after the other, as calls end.
    std::atomic<int> succeeded = 0;
    std::atomic<int> failed = 0;
    CallOptions counted;
    counted.callback = [&](const Value &) { ++succeeded; };
    counted.errorCallback = [&](const std::exception &) { ++failed; };
    CallOptions impatient = counted;
    impatient.timeout = 0.5; // seconds from its start

    // None of these waits.
    const std::vector<AsyncResult> results = {
        pool.applyAsync("count_primes", {1000000}, counted),          // built in
        pool.applyAsync(python + "backwards", {"stressed"}, counted), // in the file mixed.py
        pool.applyAsync(Task::command("factor {}"), {360}, counted),  // a program
        pool.applyAsync("sleep_for", {60}, impatient),                // its worker is ended
        pool.applyAsync(python + "crash", {}, counted),
    };
    pool.close(); // no more calls; those go on

    for (const AsyncResult &result : results) {
        try {
            std::cout << result.get().json() << '\n';
        } catch (const WorkerLost &error) {
            std::cout << qPrintable(error.type()) << ' ' << qPrintable(error.signal()) << '\n';
        }
    }
    pool.join(); // every process is gone, every callback has returned
    std::cout << succeeded << " succeeded, " << failed << " failed\n";
}

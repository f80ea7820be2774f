// SPDX-License-Identifier: GPL-3.0-or-later
// One call after the other through the C++ API.
#include "report.h"

#include <QCoreApplication>

#include <fstream>
#include <iostream>

#include <poolscope/pool.h>

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    if (argc != 6) {
        std::cerr << "usage: benchmark_applyloop PROCESSES TASK INPUT OUTPUT REPORT\n";
        return 2;
    }
    const Poolscope::Task task = QString::fromLocal8Bit(argv[2]);
    Poolscope::PoolOptions options;
    options.processes = std::atoi(argv[1]);
    options.kind = task.resolve().kind;
    Poolscope::Pool pool(options);

    std::ifstream input(argv[3]);
    std::ofstream output(argv[4]);
    const Report report;
    for (long item = 0; input >> item;)
        output << pool.apply<long>(task, {item}) << '\n';
    output.close();
    report.write(argv[5]);
    return output ? 0 : 1;
}

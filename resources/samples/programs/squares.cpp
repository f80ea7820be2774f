// SPDX-License-Identifier: GPL-3.0-or-later
// The methods of a pool, on numbers.
#include <QCoreApplication>

#include <iostream>
#include <ranges>

#include <poolscope/pool.h>

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    Poolscope::Pool pool; // one worker process per CPU

    // One call.
    std::cout << "apply:   " << pool.apply<int>("square", {7}) << '\n';

    // One call per item; the results in the order of the items, all at once.
    std::cout << "map:    ";
    for (const int value : pool.map<int>("square", std::views::iota(1, 6)))
        std::cout << ' ' << value;

    // The same with several arguments.
    std::cout << "\nstarmap:";
    for (const int value : pool.starmap<int>("add", {{1, 2}, {3, 4}, {5, 6}}))
        std::cout << ' ' << value;

    // Each result as soon as it is there.
    std::cout << "\nimap:   ";
    for (const Poolscope::Value &value : pool.imap("square", {1.5, 2.5}))
        std::cout << ' ' << value.to<double>();
    std::cout << '\n';
}

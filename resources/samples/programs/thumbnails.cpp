// SPDX-License-Identifier: GPL-3.0-or-later
// Real work: small copies of all pictures in a folder. A picture that cannot be read costs nothing but
// itself.
#include <QCoreApplication>
#include <QFile>
#include <QTemporaryDir>

#include <iostream>
#include <optional>
#include <ranges>

#include <poolscope/pool.h>

using namespace Poolscope;

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    const QTemporaryDir folder;
    Pool pool;

    // Twenty pictures to work on, and a file that is none.
    const Task paint =
        Task("sample_image").with("folder", folder.path()).with("width", 400).with("height", 300);
    pool.map(paint, std::views::iota(0, 20));
    QFile(folder.filePath("sample-broken.png")).open(QFile::WriteOnly);

    // Results come as they get ready, not in the order of the pictures. The pattern is read as they are
    // taken, so there may be millions.
    const Task shrink = Task("thumbnail").with("size", 100);
    ResultIterator results = pool.imapUnordered(shrink, Items::input("glob:" + folder.filePath("*.png")));
    int made = 0;
    int failed = 0;
    while (true) {
        try {
            const std::optional<Value> copy = results.next();
            if (!copy)
                break;
            ++made;
        } catch (const TaskFailed &error) { // of this picture; the next one is not concerned
            ++failed;
            std::cerr << '\r' << error.what() << '\n';
        }
        std::cerr << '\r' << made + failed << " pictures done";
    }
    std::cerr << '\n';
    std::cout << made << " thumbnails, " << failed << " failed\n";
}

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/input/globwalker.h"
#include "core/input/inputsource.h"
#include "tests/fuzz/fuzz.h"

#include <QDir>
#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>

#include <algorithm>
#include <vector>

#include <glob.h>
#include <sys/stat.h>

using namespace Poolscope;

namespace {

bool isRegularFile(const std::string &path)
{
    struct stat status = {};
    return stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode);
}

/// A small tree, which is the current folder from then on.
void enterTree()
{
    static QTemporaryDir folder;
    static const bool isReady = [] {
        MUST(folder.isValid() && QDir::setCurrent(folder.path()));
        for (const char *name : {"a", "a/b", "a/b/c", ".hidden", "d.x"})
            MUST(QDir().mkdir(QLatin1String(name)));
        for (const char *name : {"1", "2.txt", "10.txt", ".dot", "a/1", "a/2.txt", "a/b/2.txt", "a/b/c/3-x",
                                 "a/b/.z", ".hidden/1", "d.x/[", "d.x/a b", "d.x/*"}) {
            QFile file{QLatin1String(name)};
            MUST(file.open(QIODevice::WriteOnly));
        }
        MUST(QFile::link(QStringLiteral("a"), QStringLiteral("link")));
        return true;
    }();
    MUST(isReady);
}

/// The C library's own answer, without folders.
std::vector<std::string> filesByGlob(const std::string &pattern)
{
    glob_t found = {};
    std::vector<std::string> files;
    if (::glob(pattern.c_str(), GLOB_NOESCAPE, nullptr, &found) == 0)
        for (std::size_t i = 0; i < found.gl_pathc; ++i)
            if (isRegularFile(found.gl_pathv[i]))
                files.emplace_back(found.gl_pathv[i]);
    globfree(&found);
    std::sort(files.begin(), files.end());
    return files;
}

} // namespace

/// Every file once, in order, and the same files as the C library finds where the pattern means the same.
void fuzz::run(std::string_view bytes)
{
    const QString pattern =
        QString::fromUtf8(bytes.data(), qsizetype(std::min<std::size_t>(bytes.size(), 64)));
    // Outside the tree lies the whole machine.
    if (pattern.startsWith(u'/') || pattern.contains(QLatin1String("..")) || pattern.contains(QChar(u'\0')))
        return;
    enterTree();
    std::vector<std::string> files;
    try {
        GlobWalker walker(pattern);
        std::string path;
        while (walker.next(path))
            files.push_back(path);
    } catch (const InputError &error) {
        MUST(error.kind() == InputError::Kind::Usage);
        return;
    }
    MUST(std::is_sorted(files.begin(), files.end()));
    MUST(std::adjacent_find(files.begin(), files.end()) == files.end());
    MUST(std::all_of(files.begin(), files.end(), isRegularFile));
    // In the C library ".*" is also the folder itself and the one above it.
    static const QRegularExpression meansMore(QStringLiteral("\\*\\*|\\[|//|\\\\|(^|/)\\.[^/]*[*?]"));
    const bool meansTheSame = !meansMore.match(pattern).hasMatch();
    MUST(!meansTheSame || files == filesByGlob(pattern.toStdString()));
}

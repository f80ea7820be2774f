// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/input/globwalker.h"

#include "core/input/inputerrors.h"

#include <QByteArrayView>
#include <QStringList>

#include <algorithm>
#include <utility>

namespace Poolscope {

namespace {

InputError patternError(const QString &pattern, const QString &what)
{
    return {InputError::Kind::Usage, InputMessages::tr("glob:%1: %2").arg(pattern, what)};
}

QString displayed(const std::string &path)
{
    return QString::fromUtf8(path.data(), static_cast<qsizetype>(path.size()));
}

} // namespace

GlobWalker::GlobWalker(const QString &pattern)
{
    if (pattern.isEmpty())
        throw patternError(pattern, InputMessages::tr("a pattern is missing, for example glob:images/*.png"));
    if (pattern.endsWith(u'/'))
        throw patternError(pattern,
                           InputMessages::tr("this names folders, and only files become items; add * for "
                                             "the files in them or ** for all files below"));
    const QStringList names = pattern.split(u'/', Qt::SkipEmptyParts);
    for (const QString &name : names)
        m_parts.push_back(parsePart(name, pattern));

    // A folder that is spelled out need not be readable to go through it.
    std::string base = pattern.startsWith(u'/') ? "/" : "";
    std::size_t first = 0;
    for (; first + 1 < m_parts.size() && m_parts[first].kind == Part::Kind::Literal; ++first)
        base += m_parts[first].literal + '/';
    enter(std::move(base), withSkippedDepths({first}));
}

GlobWalker::Part GlobWalker::parsePart(const QString &text, const QString &pattern)
{
    Part part;
    part.literal = text.toStdString();
    part.matchesHidden = text.startsWith(u'.');
    if (text == QLatin1String("**")) {
        part.kind = Part::Kind::AnyDepth;
    } else if (part.literal.find_first_of("*?[") != std::string::npos) {
        part.kind = Part::Kind::Wildcard;
        part.wildcard.setPattern(QRegularExpression::wildcardToRegularExpression(text));
        part.wildcard.setPatternOptions(QRegularExpression::DotMatchesEverythingOption);
        if (!part.wildcard.isValid())
            throw patternError(
                pattern,
                InputMessages::tr("\"%1\" has a [ without its ]; write [[] for the sign itself").arg(text));
        part.wildcard.optimize();
    }
    return part;
}

bool GlobWalker::next(std::string &path)
{
    while (!m_open.empty()) {
        Folder &folder = m_open.back();
        if (folder.position == folder.entries.size()) {
            m_open.pop_back();
            continue;
        }
        Entry entry = std::move(folder.entries[folder.position++]);
        std::string found = folder.path + entry.name;
        if (entry.name.back() == '/') {
            enter(std::move(found), entry.places);
            continue;
        }
        if (!QByteArrayView(found.data(), static_cast<qsizetype>(found.size())).isValidUtf8())
            throw InputError(
                InputError::Kind::Content,
                InputMessages::tr("the name of the file %1 is not valid UTF-8 and cannot become an item; "
                                  "rename it, for example with convmv")
                    .arg(displayed(found)));
        path = std::move(found);
        return true;
    }
    return false;
}

void GlobWalker::enter(std::string path, const Places &places)
{
    namespace fs = std::filesystem;
    Folder folder;
    folder.path = std::move(path);
    if (places.size() == 1 && m_parts[places.front()].kind == Part::Kind::Literal) {
        const std::string &name = m_parts[places.front()].literal;
        consider(folder, fs::directory_entry(folder.path + name), name, places);
    } else {
        std::error_code error;
        fs::directory_iterator at(folder.path.empty() ? "." : folder.path, error);
        for (; !error && at != fs::directory_iterator(); at.increment(error))
            consider(folder, *at, at->path().filename().native(), places);
        // What is not there, or has gone while its neighbours were read, matches nothing.
        if (error && error != std::errc::no_such_file_or_directory && error != std::errc::not_a_directory)
            throw systemError(folder.path.empty() ? QStringLiteral(".") : displayed(folder.path),
                              error.value());
    }
    // The slash behind the name of a folder takes part: so "a.txt" comes before "a/b", as in a sorted list.
    std::sort(folder.entries.begin(), folder.entries.end(),
              [](const Entry &a, const Entry &b) { return a.name < b.name; });
    m_open.push_back(std::move(folder));
}

void GlobWalker::consider(Folder &folder, const std::filesystem::directory_entry &file,
                          const std::string &name, const Places &places) const
{
    std::error_code ignored;
    enum class Found
    {
        Nothing,
        File
    } found = Found::Nothing;
    Places inside;
    for (const std::size_t place : places) {
        const Part &part = m_parts[place];
        if (!matches(part, name))
            continue;
        const bool isLast = place + 1 == m_parts.size();
        if (part.kind == Part::Kind::AnyDepth) {
            if (isLast && file.is_regular_file(ignored))
                found = Found::File;
            if (file.is_directory(ignored) && !file.is_symlink(ignored))
                inside.push_back(place);
        } else if (isLast) {
            if (file.is_regular_file(ignored))
                found = Found::File;
        } else if (file.is_directory(ignored)) {
            inside.push_back(place + 1);
        }
    }
    if (found == Found::File)
        folder.entries.push_back({name, {}});
    if (!inside.empty())
        folder.entries.push_back({name + '/', withSkippedDepths(std::move(inside))});
}

bool GlobWalker::matches(const Part &part, const std::string &name) const
{
    if (part.kind == Part::Kind::Literal)
        return name == part.literal;
    if (name.front() == '.' && !part.matchesHidden)
        return false;
    return part.kind == Part::Kind::AnyDepth || part.wildcard.match(displayed(name)).hasMatch();
}

GlobWalker::Places GlobWalker::withSkippedDepths(Places places) const
{
    // ** also matches no folder at all, and what follows may be another one.
    for (std::size_t i = 0; i < places.size(); ++i) {
        const std::size_t following = places[i] + 1;
        if (m_parts[places[i]].kind == Part::Kind::AnyDepth && following < m_parts.size() &&
            std::find(places.begin(), places.end(), following) == places.end())
            places.push_back(following);
    }
    std::sort(places.begin(), places.end());
    places.erase(std::unique(places.begin(), places.end()), places.end());
    return places;
}

} // namespace Poolscope

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QRegularExpression>
#include <QString>

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace Poolscope {

/// Finds the files that a pattern matches, folder by folder, each once, in the order of their whole paths.
///
/// * ? [abc] [!abc] match within a name; ** alone between slashes matches folders of any depth (no symbolic
/// links: they may go round in circles), and at the end of the pattern all files below. A name that begins
/// with a dot is only matched by a part of the pattern that does.
class GlobWalker final
{
public:
    /// \throws InputError when the pattern makes no sense
    explicit GlobWalker(const QString &pattern);

    /// \returns false when there are no more
    /// \throws InputError when a folder cannot be read or a name is not UTF-8
    bool next(std::string &path);

private:
    struct Part
    {
        enum class Kind
        {
            Literal,
            Wildcard,
            AnyDepth
        } kind = Kind::Literal;
        std::string literal;
        QRegularExpression wildcard;
        bool matchesHidden = false;
    };
    /// The parts of the pattern that may match the next name. All ways to match are followed at once, which
    /// is why no file is found twice.
    using Places = std::vector<std::size_t>;
    struct Entry
    {
        std::string name; ///< ends in '/' when it is a folder to go into
        Places places;    ///< for its entries
    };
    struct Folder
    {
        std::string path; ///< ends in '/', or is empty
        std::vector<Entry> entries;
        std::size_t position = 0;
    };

    static Part parsePart(const QString &text, const QString &pattern);
    void enter(std::string path, const Places &places);
    void consider(Folder &folder, const std::filesystem::directory_entry &file, const std::string &name,
                  const Places &places) const;
    bool matches(const Part &part, const std::string &name) const;
    Places withSkippedDepths(Places places) const;

    std::vector<Part> m_parts;
    std::vector<Folder> m_open; ///< from the outermost to the one being read
};

} // namespace Poolscope

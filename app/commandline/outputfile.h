// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <string>
#include <string_view>

namespace Poolscope {

/// A file, or standard output, written whole lines at a time: however the program ends, what is there is a
/// number of whole lines.
class OutputFile
{
public:
    OutputFile() = default;
    ~OutputFile();
    OutputFile(const OutputFile &) = delete;
    OutputFile &operator=(const OutputFile &) = delete;

    /// Makes sure the file can be written, and leaves what it holds until the first line replaces it.
    /// \param path  a file, or - for standard output
    /// \returns false when it cannot be written; see error()
    bool open(const QString &path);
    bool isOpen() const { return m_descriptor >= 0; }

    /// The lines to write next. Append whole lines, then call flushIfLarge().
    std::string &lines() { return m_lines; }
    bool flushIfLarge();
    bool flush();
    /// Writes what is left and closes; false when the disk would not take it.
    bool close();
    /// Nothing came of it: leaves the file as it was found.
    void discard();

    const QString &error() const { return m_error; }

private:
    bool fail();
    bool begin();

    QString m_name;
    QString m_error;
    std::string m_lines;
    int m_descriptor = -1;
    enum class Found
    {
        Nothing,
        File,
        StandardOutput
    } m_found = Found::Nothing;
    bool m_begun = false;
};

} // namespace Poolscope

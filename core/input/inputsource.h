// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

/// Lazy sources of items. Items are JSON text without a line break, ready to travel to a worker as they are:
/// the parent decodes none of them.
namespace Poolscope {

/// How lines of text files and cells of tables become values.
enum class ItemType
{
    Auto, ///< what is a JSON number is a number, all else is text
    Text, ///< always text
    Json, ///< each line is a JSON value
};

struct InputOptions
{
    ItemType itemType = ItemType::Auto;
    /// The method unpacks items into arguments (starmap): a row of a table with a single column is then an
    /// array of one, and else its only cell.
    bool unpacked = false;
};

/// What is wrong with an input, worded for people: names the file and the line, and says what to do.
class InputError : public std::runtime_error
{
public:
    enum class Kind
    {
        Usage,  ///< the text given for the input makes no sense (range:x)
        Content ///< it cannot be opened or read, or what it holds is not valid
    };
    InputError(Kind kind, const QString &message) : std::runtime_error(message.toStdString()), m_kind(kind) {}
    Kind kind() const { return m_kind; }
    QString message() const { return QString::fromUtf8(what()); }

private:
    Kind m_kind;
};

/// Read by one thread at a time; cancel() may be called from any other.
class InputSource
{
public:
    virtual ~InputSource() = default;
    InputSource(const InputSource &) = delete;
    InputSource &operator=(const InputSource &) = delete;

    /// Appends up to `most` items to `out`, each ended by '\n'.
    /// \returns how many; fewer than `most` only at the end of the input or after cancel()
    /// \throws InputError at the first item that is not valid; the items before it were appended
    virtual std::uint32_t read(std::string &out, std::uint32_t most) = 0;

    /// Makes a read() that waits (standard input) return.
    virtual void cancel() {}

protected:
    InputSource() = default;
};

/// A description of an input that can be opened any number of times, except standard input.
///
/// \param text  FILE (.txt .csv .tsv .jsonl .json; anything else is read as lines) | - | range:STOP |
///              range:START:STOP[:STEP] | glob:PATTERN (** matches folders of any depth; files only, in
///              the order of their names)
/// \throws InputError when the text makes no sense or the file cannot be opened
std::unique_ptr<InputSource> openInput(const QString &text, const InputOptions &options);

/// Whether openInput() can be called again for the same items.
bool canBeReread(const QString &text);

/// Reads the whole input once, holding none of it, to count its items and to find what is wrong with it
/// before anything is started. For standard input, which can be read only once: nothing.
/// \param keepGoing  asked now and then with the count so far; false stops the scan (the result is then
///                   nothing); may be empty
/// \throws InputError as read() does
std::optional<std::uint64_t> scanInput(const QString &text, const InputOptions &options,
                                       const std::function<bool(std::uint64_t)> &keepGoing = {});

struct InputDigest
{
    std::uint64_t items = 0;
    std::string hash; ///< Of the text of all items, hexadecimal.
};

/// As scanInput(), and tells whether it is the same input as another time.
std::optional<InputDigest> digestInput(const QString &text, const InputOptions &options,
                                       const std::function<bool(std::uint64_t)> &keepGoing = {});

} // namespace Poolscope

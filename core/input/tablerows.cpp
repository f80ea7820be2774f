// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/input/tablerows.h"

#include "core/input/inputerrors.h"

#include <algorithm>
#include <new>
#include <utility>

namespace Poolscope {

TableRows::TableRows(std::unique_ptr<ByteStream> stream, char separator, const InputOptions &options)
    : m_lines(std::move(stream)), m_encoder(options.itemType, m_lines.name()), m_unpacked(options.unpacked)
{
    if (csv_init(&m_parser, CSV_STRICT | CSV_STRICT_FINI) != 0)
        throw std::bad_alloc();
    csv_set_delim(&m_parser, static_cast<unsigned char>(separator));
    // By default the library cuts spaces off at both ends of a cell, as no other reader of CSV does.
    csv_set_space_func(&m_parser, [](unsigned char) { return 0; });
    // It grows its buffer by this much at a time, 128 bytes by default: quadratic for a large cell.
    csv_set_blk_size(&m_parser, std::size_t{64} << 10);
}

TableRows::~TableRows()
{
    csv_free(&m_parser);
}

std::uint32_t TableRows::fill(std::string &out, std::uint32_t most)
{
    std::uint32_t count = 0;
    std::string_view piece;
    while (count < most && nextPiece(piece)) {
        parse(piece);
        if (m_row == Row::Complete) {
            appendRow(out);
            ++count;
        }
    }
    if (count < most && !m_lines.isCancelled()) {
        finish();
        if (m_row == Row::Complete) {
            appendRow(out);
            ++count;
        }
    }
    return count;
}

/// A line up to its end or to a carriage return, either of which ends a row outside quotes: no piece can end
/// two rows.
bool TableRows::nextPiece(std::string_view &piece)
{
    if (m_rest.empty()) {
        if (!m_lines.next(m_rest))
            return false;
        requireUtf8(m_rest, m_lines.name(), m_lines.lineNumber());
    }
    const std::size_t length = std::min(m_rest.find('\r'), m_rest.size() - 1) + 1;
    piece = m_rest.substr(0, length);
    m_rest.remove_prefix(length);
    return true;
}

void TableRows::parse(std::string_view piece)
{
    if (m_row == Row::None) {
        if (piece == "\n" || piece == "\r")
            return;
        m_row = Row::Begun;
        m_rowLine = m_lines.lineNumber();
        m_cellLine = m_rowLine;
    }
    const std::size_t parsed = csv_parse(&m_parser, piece.data(), piece.size(), onCell, onRow, this);
    requireNoFailure();
    if (parsed < piece.size()) {
        if (csv_error(&m_parser) != CSV_EPARSE)
            throw std::bad_alloc();
        throw lineError(
            m_lines.name(), m_lines.lineNumber(),
            InputMessages::tr("a double quote in the middle of a cell; put the whole cell in double "
                              "quotes and double each quote inside it"));
    }
    // A stray quote swallows the rest of the file.
    if (csv_get_buffer_size(&m_parser) > LineReader::longestLine)
        throw unclosedQuote();
}

void TableRows::finish()
{
    const int result = csv_fini(&m_parser, onCell, onRow, this);
    requireNoFailure();
    if (result != 0)
        throw unclosedQuote();
}

void TableRows::onCell(void *text, std::size_t size, void *self)
{
    static_cast<TableRows *>(self)->addCell({static_cast<const char *>(text), size});
}

void TableRows::onRow(int, void *self)
{
    static_cast<TableRows *>(self)->m_row = Row::Complete;
}

void TableRows::requireNoFailure()
{
    if (m_failure)
        std::rethrow_exception(std::exchange(m_failure, nullptr));
}

InputError TableRows::unclosedQuote() const
{
    return lineError(
        m_lines.name(), m_cellLine,
        InputMessages::tr("a cell begins with a double quote here, and the closing one is missing"));
}

void TableRows::addCell(std::string_view text) noexcept
{
    if (m_failure)
        return;
    try {
        m_cells += m_columns == 0 ? '[' : ',';
        m_encoder.append(m_cells, text, m_cellLine);
        ++m_columns;
        m_cellLine = m_lines.lineNumber();
    } catch (...) {
        m_failure = std::current_exception();
    }
}

void TableRows::appendRow(std::string &out)
{
    if (m_columnsExpected == 0)
        m_columnsExpected = m_columns;
    if (m_columns != m_columnsExpected)
        throw lineError(
            m_lines.name(), m_rowLine,
            InputMessages::tr("the number of columns is %1 here, and %2 in the first row; give all rows "
                              "the same number, and put double quotes around a cell that holds the "
                              "separator")
                .arg(m_columns)
                .arg(m_columnsExpected));
    const std::string_view cells = m_cells;
    if (m_columns == 1 && !m_unpacked) {
        out += cells.substr(1);
        out += '\n';
    } else {
        out += cells;
        out += "]\n";
    }
    m_cells.clear();
    m_columns = 0;
    m_row = Row::None;
}

} // namespace Poolscope

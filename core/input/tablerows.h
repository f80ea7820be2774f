// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/input/itemencoder.h"
#include "core/input/itemsource.h"
#include "core/input/linereader.h"

#include <exception>

#include <csv.h>

namespace Poolscope {

/// The rows of a table in CSV or TSV as arrays of their cells. Cells between quotes may hold separators,
/// quotes and line breaks; nothing is trimmed; empty lines are skipped; there is no header line.
class TableRows final : public ItemSource
{
public:
    TableRows(std::unique_ptr<ByteStream> stream, char separator, const InputOptions &options);
    ~TableRows() override;

    void cancel() override { m_lines.cancel(); }

protected:
    std::uint32_t fill(std::string &out, std::uint32_t most) override;

private:
    static void onCell(void *text, std::size_t size, void *self);
    static void onRow(int end, void *self);

    bool nextPiece(std::string_view &piece);
    void parse(std::string_view piece);
    void finish();
    void requireNoFailure();
    InputError unclosedQuote() const;
    void appendRow(std::string &out);
    void addCell(std::string_view text) noexcept;

    LineReader m_lines;
    const ItemEncoder m_encoder;
    const bool m_unpacked;
    csv_parser m_parser = {};
    std::string_view m_rest; ///< of the line being parsed

    enum class Row
    {
        None,
        Begun,
        Complete
    } m_row = Row::None;
    std::uint64_t m_rowLine = 0;  ///< where the row begins
    std::uint64_t m_cellLine = 0; ///< where the cell that is being read begins
    std::string m_cells;
    std::uint64_t m_columns = 0;
    std::uint64_t m_columnsExpected = 0; ///< those of the first row, 0 before it
    std::exception_ptr m_failure;        ///< C code must not see exceptions fly past
};

} // namespace Poolscope

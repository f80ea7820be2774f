// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace Poolscope::Worker {

/// A command's arguments with their placeholders: {} the item, {/} its base name, {.} the item without its
/// extension, {n} its index. All other braces stand for themselves.
class CommandTemplate
{
public:
    explicit CommandTemplate(const std::vector<std::string> &arguments);

    std::vector<std::string> fill(std::string_view item, std::uint64_t index) const;

private:
    enum class Kind
    {
        Literal,
        Item,
        BaseName,
        WithoutExtension,
        Index
    };
    struct Piece
    {
        Kind kind;
        std::string text;
    };
    static std::vector<Piece> split(std::string_view argument);

    std::vector<std::vector<Piece>> m_arguments;
};

} // namespace Poolscope::Worker

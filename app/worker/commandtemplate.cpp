// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/worker/commandtemplate.h"

namespace Poolscope::Worker {

namespace {

std::size_t baseNameBegin(std::string_view path)
{
    const std::size_t slash = path.rfind('/');
    return slash == std::string_view::npos ? 0 : slash + 1;
}

std::string_view withoutExtension(std::string_view path)
{
    const std::size_t dot = path.rfind('.');
    // ".bashrc" has no extension, nor has "folder.d/file".
    if (dot == std::string_view::npos || dot <= baseNameBegin(path))
        return path;
    return path.substr(0, dot);
}

} // namespace

CommandTemplate::CommandTemplate(const std::vector<std::string> &arguments)
{
    for (const std::string &argument : arguments)
        m_arguments.push_back(split(argument));
}

std::vector<std::string> CommandTemplate::fill(std::string_view item, std::uint64_t index) const
{
    std::vector<std::string> filled;
    filled.reserve(m_arguments.size());
    for (const std::vector<Piece> &pieces : m_arguments) {
        std::string &argument = filled.emplace_back();
        for (const Piece &piece : pieces) {
            switch (piece.kind) {
            case Kind::Literal:
                argument += piece.text;
                break;
            case Kind::Item:
                argument += item;
                break;
            case Kind::BaseName:
                argument += item.substr(baseNameBegin(item));
                break;
            case Kind::WithoutExtension:
                argument += withoutExtension(item);
                break;
            case Kind::Index:
                argument += std::to_string(index);
                break;
            }
        }
    }
    return filled;
}

std::vector<CommandTemplate::Piece> CommandTemplate::split(std::string_view argument)
{
    static constexpr struct
    {
        std::string_view text;
        Kind kind;
    } placeholders[] = {
        {"{}", Kind::Item}, {"{/}", Kind::BaseName}, {"{.}", Kind::WithoutExtension}, {"{n}", Kind::Index}};

    std::vector<Piece> pieces{{Kind::Literal, {}}};
    while (!argument.empty()) {
        std::size_t taken = 1;
        for (const auto &placeholder : placeholders) {
            if (argument.starts_with(placeholder.text)) {
                pieces.push_back({placeholder.kind, {}});
                pieces.push_back({Kind::Literal, {}});
                taken = placeholder.text.size();
                break;
            }
        }
        if (taken == 1)
            pieces.back().text += argument.front();
        argument.remove_prefix(taken);
    }
    return pieces;
}

} // namespace Poolscope::Worker

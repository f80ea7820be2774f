// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pool/items.h"

#include <QCoreApplication>

#include <atomic>
#include <utility>

namespace Poolscope {

namespace {

class Generator final : public InputSource
{
public:
    explicit Generator(std::function<std::optional<Value>()> next) : m_next(std::move(next)) {}

    std::uint32_t read(std::string &out, std::uint32_t most) override
    {
        std::uint32_t items = 0;
        while (items < most && !m_isOver && !m_isCancelled) {
            // Not asked again should it throw.
            m_isOver = true;
            const std::optional<Value> item = m_next();
            if (!item)
                break;
            m_isOver = false;
            out += item->json();
            out += '\n';
            ++items;
        }
        return items;
    }

    void cancel() override { m_isCancelled = true; }

private:
    const std::function<std::optional<Value>()> m_next;
    bool m_isOver = false;
    std::atomic<bool> m_isCancelled = false;
};

/// Speaks the errors of the pool.
class OpenedInput final : public InputSource
{
public:
    explicit OpenedInput(std::unique_ptr<InputSource> source) : m_source(std::move(source)) {}

    std::uint32_t read(std::string &out, std::uint32_t most) override
    {
        try {
            return m_source->read(out, most);
        } catch (const InputError &error) {
            throw ValueError(error.message());
        }
    }

    void cancel() override { m_source->cancel(); }

private:
    const std::unique_ptr<InputSource> m_source;
};

} // namespace

Items::Items(std::initializer_list<Value> values)
{
    for (const Value &value : values) {
        m_lines += value.json();
        endItem();
    }
}

Items::Items(std::initializer_list<std::initializer_list<Value>> rows)
{
    for (const std::initializer_list<Value> &row : rows) {
        ValueText::appendList<Value>(m_lines, row);
        endItem();
    }
}

Items Items::generate(std::function<std::optional<Value>()> next)
{
    if (!next)
        throw ValueError(QCoreApplication::translate("Poolscope::Items",
                                                     "there is no function to ask for items: the one given "
                                                     "is empty"));
    Items items;
    items.m_source = std::make_unique<Generator>(std::move(next));
    return items;
}

Items Items::input(const QString &text, const InputOptions &options)
{
    Items items;
    try {
        items.m_source = std::make_unique<OpenedInput>(openInput(text, options));
        items.m_mayWait = !canBeReread(text);
    } catch (const InputError &error) {
        throw ValueError(error.message());
    }
    return items;
}

void Items::readAll()
{
    if (!m_source)
        return;
    constexpr std::uint32_t most = 64 * 1024;
    std::uint32_t items = most;
    while (items == most) {
        items = m_source->read(m_lines, most);
        m_count += items;
    }
    m_source.reset();
}

} // namespace Poolscope

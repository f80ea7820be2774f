// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pool/resultiterator.h"

#include "core/pool/resultstream.h"

namespace Poolscope {

ResultIterator::ResultIterator(std::unique_ptr<ResultStream> stream) : m_stream(std::move(stream)) {}

ResultIterator::~ResultIterator() = default;
ResultIterator::ResultIterator(ResultIterator &&) noexcept = default;
ResultIterator &ResultIterator::operator=(ResultIterator &&) noexcept = default;

std::optional<Value> ResultIterator::next()
{
    return m_stream->next(std::nullopt);
}

std::optional<Value> ResultIterator::next(std::chrono::nanoseconds timeout)
{
    return m_stream->next(timeout);
}

std::optional<ItemRecord> ResultIterator::nextRecord(std::optional<std::chrono::nanoseconds> timeout)
{
    return m_stream->nextRecord(timeout);
}

} // namespace Poolscope

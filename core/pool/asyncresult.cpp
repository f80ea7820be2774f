// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pool/asyncresult.h"

#include "core/pool/asynccall.h"

namespace Poolscope {

namespace {

const AsyncCall &ready(const std::shared_ptr<AsyncCall> &call)
{
    if (call->state() != AsyncResult::State::Ready)
        throw ValueError(QStringLiteral("the result is not ready: wait() for it, or ask ready() first"));
    return *call;
}

void succeed(const AsyncCall &call)
{
    if (const std::exception_ptr failure = call.failure())
        std::rethrow_exception(failure);
}

} // namespace

AsyncResult::AsyncResult(std::shared_ptr<AsyncCall> call) : m_call(std::move(call)) {}

Value AsyncResult::get() const
{
    m_call->wait(std::nullopt);
    succeed(*m_call);
    return m_call->value();
}

Value AsyncResult::get(std::chrono::nanoseconds timeout) const
{
    if (!m_call->wait(timeout))
        throw TimeoutError(QStringLiteral("the result is not there after %1 s; the call goes on")
                               .arg(std::chrono::duration<double>(timeout).count()));
    succeed(*m_call);
    return m_call->value();
}

std::vector<Value> AsyncResult::values() const
{
    m_call->wait(std::nullopt);
    succeed(*m_call);
    return m_call->values();
}

bool AsyncResult::wait(std::chrono::nanoseconds timeout) const
{
    return m_call->wait(timeout);
}

void AsyncResult::wait() const
{
    m_call->wait(std::nullopt);
}

bool AsyncResult::ready() const
{
    return m_call->state() == State::Ready;
}

bool AsyncResult::successful() const
{
    return !Poolscope::ready(m_call).failure();
}

AsyncResult::State AsyncResult::state() const
{
    return m_call->state();
}

AsyncResult::Callback AsyncResult::callback() const
{
    return m_call->callback();
}

std::vector<ItemRecord> AsyncResult::records() const
{
    return Poolscope::ready(m_call).records();
}

} // namespace Poolscope

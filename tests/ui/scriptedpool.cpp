// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/scriptedpool.h"

#include <utility>

namespace Poolscope {

namespace {

class ScriptedCallFeed final : public CallFeed
{
public:
    explicit ScriptedCallFeed(std::shared_ptr<ScriptedCall> call) : m_call(std::move(call)) {}

    AsyncResult::State state() const override { return m_call->state; }
    AsyncResult::Callback callback() const override { return m_call->callback; }
    std::optional<CallOutcome> outcome() const override
    {
        return m_call->state == AsyncResult::State::Ready ? std::optional(m_call->outcome) : std::nullopt;
    }

private:
    const std::shared_ptr<ScriptedCall> m_call;
};

} // namespace

void ScriptedCall::returnValue(std::string json)
{
    outcome.status = ItemStatus::Ok;
    outcome.value = std::move(json);
    state = AsyncResult::State::Ready;
    if (call.hasCallback)
        callback = call.callbacksThrow ? AsyncResult::Callback::Threw : AsyncResult::Callback::Returned;
}

void ScriptedCall::fail(const QString &type, const QString &message)
{
    outcome.status = ItemStatus::Error;
    outcome.type = type;
    outcome.message = message;
    state = AsyncResult::State::Ready;
    if (call.hasErrorCallback)
        callback = AsyncResult::Callback::Returned;
}

void PoolScript::end()
{
    for (const auto &call : calls)
        if (state == PoolState::Terminated && call->state != AsyncResult::State::Ready) {
            call->fail(QStringLiteral("Cancelled"), QStringLiteral("the pool was terminated"));
            call->outcome.status = ItemStatus::Cancelled;
        }
    state = PoolState::Over;
    for (WorkerSnapshot &worker : snapshot.workers)
        worker.state = WorkerState::Gone;
}

void PoolScript::setWorkers(int workers, int busy)
{
    snapshot.workers.assign(std::size_t(workers), {});
    for (int i = 0; i < workers; ++i) {
        WorkerSnapshot &worker = snapshot.workers[std::size_t(i)];
        worker.slot = std::uint32_t(i);
        worker.generation = 1;
        worker.pid = 4700 + i;
        worker.state = i < busy ? WorkerState::Running : WorkerState::Waiting;
        if (i < busy)
            worker.item = 0;
    }
}

LivePool::Factory ScriptedPool::factory(std::shared_ptr<PoolScript> script)
{
    return [script](const JobSpec &) { return std::make_unique<ScriptedPool>(script); };
}

std::unique_ptr<CallFeed> ScriptedPool::applyAsync(const PoolCall &call)
{
    if (m_script->state != PoolState::Open)
        throw ValueError(QStringLiteral("Pool not running"));
    auto scripted = std::make_shared<ScriptedCall>();
    scripted->call = call;
    m_script->calls.push_back(scripted);
    return std::make_unique<ScriptedCallFeed>(scripted);
}

void ScriptedPool::close()
{
    if (m_script->state == PoolState::Open)
        m_script->state = PoolState::Closed;
}

void ScriptedPool::terminate()
{
    if (m_script->state != PoolState::Over)
        m_script->state = PoolState::Terminated;
}

bool ScriptedPool::join()
{
    if (m_script->state == PoolState::Open)
        throw ValueError(QStringLiteral("Pool is still running"));
    return m_script->state == PoolState::Over;
}

std::vector<PoolEvent> ScriptedPool::takeEvents()
{
    return std::exchange(m_script->events, {});
}

} // namespace Poolscope

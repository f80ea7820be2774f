// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/livepool.h"

#include <memory>
#include <vector>

namespace Poolscope {

/// A call whose fate the test decides.
struct ScriptedCall
{
    PoolCall call;
    AsyncResult::State state = AsyncResult::State::Pending;
    AsyncResult::Callback callback = AsyncResult::Callback::None;
    CallOutcome outcome;

    void begin() { state = AsyncResult::State::Running; }
    void returnValue(std::string json);
    void fail(const QString &type, const QString &message);
};

/// What a test sets and a scripted pool shows; shared, because the pool belongs to a LivePool.
struct PoolScript
{
    PoolState state = PoolState::Open;
    PoolSnapshot snapshot;
    double now = 0;
    std::vector<std::shared_ptr<ScriptedCall>> calls;
    std::vector<PoolEvent> events;

    /// Every process is gone: after terminate(), whatever was open is cancelled.
    void end();
    /// For as many workers, of which `busy` run something.
    void setWorkers(int workers, int busy);
};

/// A pool without a process or a clock.
class ScriptedPool final : public PoolFeed
{
public:
    explicit ScriptedPool(std::shared_ptr<PoolScript> script) : m_script(std::move(script)) {}

    static LivePool::Factory factory(std::shared_ptr<PoolScript> script);

    PoolState state() const override { return m_script->state; }
    PoolSnapshot snapshot() const override { return m_script->snapshot; }
    double now() const override { return m_script->now; }
    std::unique_ptr<CallFeed> applyAsync(const PoolCall &call) override;
    void close() override;
    void terminate() override;
    bool join() override;
    std::vector<PoolEvent> takeEvents() override;

private:
    const std::shared_ptr<PoolScript> m_script;
};

} // namespace Poolscope

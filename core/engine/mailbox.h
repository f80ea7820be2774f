// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QSocketNotifier>

#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace Poolscope {

/// Functions that other threads want to be called in the thread that this lives in, in their order.
///
/// Qt's own way, a queued call, hands a function on by means that a thread sanitizer does not see, so that
/// every function would have to be trusted unchecked; and it costs an event for each.
class Mailbox final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Mailbox)
public:
    /// \throws NoThread when there is no descriptor left
    explicit Mailbox(QObject *parent);
    ~Mailbox() override;

    /// From now on they are called. To be called in the thread that does that.
    void listen();

    /// From any thread. What is posted last, when the thread has ended, is destroyed without being called.
    template <typename F>
    void post(F f)
    {
        add(std::make_unique<Function<F>>(std::move(f)));
    }

private:
    /// std::function cannot hold what cannot be copied.
    struct Callable
    {
        virtual ~Callable() = default;
        virtual void call() = 0;
    };
    template <typename F>
    struct Function final : Callable
    {
        explicit Function(F function) : f(std::move(function)) {}
        void call() override { f(); }
        F f;
    };

    void add(std::unique_ptr<Callable> callable);
    void callAll();

    std::mutex m_mutex; // guards m_posted
    std::vector<std::unique_ptr<Callable>> m_posted;
    const int m_wake; ///< An eventfd.
    std::unique_ptr<QSocketNotifier> m_notifier;
};

} // namespace Poolscope

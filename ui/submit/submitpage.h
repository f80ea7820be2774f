// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/livepool.h"

#include <QWidget>

#include <functional>
#include <optional>

namespace Poolscope {

class CallDetails;
class CallForm;
class DataTable;
class PoolHeader;
class Section;

/// A pool that stays open: calls are sent to it one by one, and each AsyncResult is a row.
class SubmitPage final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SubmitPage)

public:
    /// \param pool  not owned, outlives the page
    /// \param job   gives the job as it is in the form now
    SubmitPage(LivePool *pool, std::function<JobSpec()> job, QWidget *parent = nullptr);
    ~SubmitPage() override;

    /// The job in the form has changed.
    void readJob();

private:
    QWidget *makeResults();
    QWidget *makeLog();
    void display();
    void chooseCall(std::uint64_t call);
    std::optional<std::uint64_t> chosenCall() const;

    LivePool *const m_pool;
    const std::function<JobSpec()> m_job;
    PoolHeader *m_header;
    CallForm *m_form;
    DataTable *m_table = nullptr;
    Section *m_results = nullptr;
    CallDetails *m_details;
};

} // namespace Poolscope

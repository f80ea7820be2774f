// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/submit/submitpage.h"

#include "ui/models/format.h"
#include "ui/pages/datatable.h"
#include "ui/pages/section.h"
#include "ui/submit/calldelegate.h"
#include "ui/submit/calldetails.h"
#include "ui/submit/callform.h"
#include "ui/submit/poolheader.h"
#include "ui/theme/theme.h"

#include <QSplitter>
#include <QVBoxLayout>

namespace Poolscope {

namespace {

QSplitter *makeSplitter(Qt::Orientation orientation)
{
    auto *const splitter = new QSplitter(orientation);
    splitter->setChildrenCollapsible(false);
    splitter->setHandleWidth(Theme::space);
    return splitter;
}

QString notesOn(const CallsModel &calls)
{
    const CallsModel::Counts &counts = calls.counts();
    if (counts.open() + counts.ready == 0)
        return {};
    QStringList parts = {SubmitPage::tr("%1 pending").arg(Format::count(counts.pending)),
                         SubmitPage::tr("%1 running").arg(Format::count(counts.running)),
                         SubmitPage::tr("%1 ready").arg(Format::count(counts.ready))};
    if (counts.failed > 0)
        parts += SubmitPage::tr("%1 failed").arg(Format::count(counts.failed));
    if (counts.cancelled > 0)
        parts += SubmitPage::tr("%1 cancelled").arg(Format::count(counts.cancelled));
    if (calls.firstNumber() > 1)
        parts += SubmitPage::tr("the last %1 listed").arg(Format::count(std::uint64_t(calls.rowCount())));
    return parts.join(QStringLiteral(" · "));
}

} // namespace

SubmitPage::SubmitPage(LivePool *pool, std::function<JobSpec()> job, QWidget *parent)
    : QWidget(parent)
    , m_pool(pool)
    , m_job(std::move(job))
    , m_header(new PoolHeader(this))
    , m_form(new CallForm(m_job, this))
    , m_details(new CallDetails)
{
    auto *const below = makeSplitter(Qt::Horizontal);
    auto *const details = new Section(tr("Chosen call"), m_details);
    below->addWidget(details);
    below->addWidget(makeLog());
    below->setStretchFactor(0, 1);
    below->setStretchFactor(1, 2);
    below->setSizes({290, 590});
    auto *const parts = makeSplitter(Qt::Vertical);
    parts->addWidget(makeResults());
    parts->addWidget(below);
    parts->setStretchFactor(0, 3);
    parts->setStretchFactor(1, 2);
    parts->setSizes({270, 200});

    auto *const layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::spaceLarge);
    layout->addWidget(m_header);
    layout->addWidget(m_form);
    layout->addWidget(parts, 1);

    connect(m_header, &PoolHeader::openWanted, this, [this] { m_pool->open(m_job()); });
    connect(m_header, &PoolHeader::closeWanted, m_pool, &LivePool::close);
    connect(m_header, &PoolHeader::joinWanted, m_pool, &LivePool::join);
    connect(m_header, &PoolHeader::terminateWanted, m_pool, &LivePool::terminate);
    connect(m_form, &CallForm::submitWanted, m_pool, &LivePool::submit);
    connect(m_details, &CallDetails::getWanted, m_pool, &LivePool::get);
    connect(m_table, &QAbstractItemView::activated, m_details, &CallDetails::wantGet);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &SubmitPage::display);
    connect(m_pool, &LivePool::submitted, this, &SubmitPage::chooseCall);
    connect(m_pool, &LivePool::changed, this, &SubmitPage::display);
    display();
}

SubmitPage::~SubmitPage() = default;

QWidget *SubmitPage::makeResults()
{
    m_table = new DataTable(tr("Results"));
    m_table->setModel(&m_pool->calls());
    m_table->setItemDelegate(new CallDelegate(m_table));
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setColumnSamples({QStringLiteral("10,000"), QStringLiteral("slow_square(100)"),
                               QStringLiteral("apply_async  "), tr("running") + QStringLiteral("  ▶  ▶"),
                               tr("yes"), QString(), QStringLiteral("59:59.9"), QStringLiteral("4 min 54 s"),
                               QStringLiteral("100"), QStringLiteral("4194304"), tr("waiting")},
                              CallsModel::Value);
    m_table->setDroppable({CallsModel::Pid, CallsModel::Submitted, CallsModel::MethodName},
                          QStringLiteral("TypeError: a message of this length"));
    m_table->setEmptyText(
        tr("Every call is a row here, from pending to ready. Open the pool, type arguments, press Enter."));
    m_table->setFollowing(true);
    m_results = new Section(tr("Results"), m_table);
    return m_results;
}

QWidget *SubmitPage::makeLog()
{
    auto *const log = new DataTable(tr("Pool log"));
    log->setModel(&m_pool->log());
    log->setItemDelegate(new PoolLogDelegate(log));
    log->setColumnSamples(
        {QStringLiteral("59:59.9"), QStringLiteral("r1 = pool.apply_async(square, "), QString()},
        PoolLogModel::Text);
    log->setEmptyText(tr("What was done with the pool, what came of it, and which rule it shows."));
    log->setFollowing(true);
    return new Section(tr("Log"), log);
}

void SubmitPage::readJob()
{
    m_form->readJob();
}

void SubmitPage::display()
{
    m_header->apply(*m_pool);
    m_form->apply(*m_pool);
    m_results->setNote(notesOn(m_pool->calls()));
    m_details->show(*m_pool, chosenCall());
}

void SubmitPage::chooseCall(std::uint64_t call)
{
    const QModelIndex index = m_pool->calls().indexOf(call);
    m_table->selectionModel()->setCurrentIndex(index, QItemSelectionModel::ClearAndSelect |
                                                          QItemSelectionModel::Rows);
}

std::optional<std::uint64_t> SubmitPage::chosenCall() const
{
    const QModelIndex index = m_table->currentIndex();
    if (!index.isValid())
        return std::nullopt;
    return index.data(CallsModel::NumberRole).toULongLong();
}

} // namespace Poolscope

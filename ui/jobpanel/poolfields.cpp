// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobpanel/poolfields.h"

#include "core/scheduling/chunkpolicy.h"
#include "ui/controls/namedcombobox.h"
#include "ui/jobpanel/fieldmessage.h"
#include "ui/jobpanel/formgrid.h"
#include "ui/jobpanel/spinboxes.h"
#include "ui/jobpanel/wording.h"
#include "ui/theme/theme.h"

#include <QComboBox>
#include <QLabel>
#include <QSpinBox>
#include <QVBoxLayout>

namespace Poolscope {

namespace {

// As on the command line.
constexpr int largestCount = 100'000'000;

QString explainMethod(Method method)
{
    switch (method) {
    case Method::Map:
        return PoolFields::tr("All results in order, when the last one is done.");
    case Method::Starmap:
        return PoolFields::tr("As map, but each item is a list of arguments.");
    case Method::Imap:
        return PoolFields::tr("Results in order, each as soon as those before it are done.");
    case Method::ImapUnordered:
        return PoolFields::tr("Each result as soon as it is done, in any order.");
    case Method::Apply:
        return PoolFields::tr("One call after the other: each waits for the result of the one before.");
    case Method::ApplyAsync:
        return PoolFields::tr("A call an item, all under way at once; the results are fetched in order.");
    case Method::MapAsync:
        return PoolFields::tr("As map, without waiting: the results are fetched together.");
    case Method::StarmapAsync:
        return PoolFields::tr("As starmap, without waiting: the results are fetched together.");
    }
    return {};
}

} // namespace

PoolFields::PoolFields(QWidget *parent)
    : QWidget(parent)
    , m_grid(new FormGrid(this))
    , m_method(new NamedComboBox(m_grid))
    , m_processes(new QSpinBox(m_grid))
    , m_chunksize(new WordSpinBox(tr("auto"), largestCount, m_grid))
    , m_maxTasks(new WordSpinBox(tr("no limit"), largestCount, m_grid))
{
    for (const Method method : allMethods) {
        const std::string_view name = methodName(method);
        m_method->addItem(QString::fromLatin1(name.data(), qsizetype(name.size())), int(method));
    }
    m_method->setAccessibleName(tr("Method"));
    m_method->setFocusPolicy(Qt::StrongFocus);
    new WheelGuard(m_method);
    m_processes->setRange(1, maximumProcesses);
    m_processes->setValue(JobSpec::usableCpus());
    m_processes->setGroupSeparatorShown(true);
    m_processes->setAccessibleName(tr("Processes"));
    m_processes->setFocusPolicy(Qt::StrongFocus);
    new WheelGuard(m_processes);
    m_chunksize->setAccessibleName(tr("Chunk size"));
    m_maxTasks->setAccessibleName(tr("Max tasks per child"));

    m_grid->addRow(tr("&Method"), m_method);
    m_methodMessage = m_grid->addMessage(m_method);
    m_grid->addRow(tr("P&rocesses"), m_processes);
    m_processesMessage = m_grid->addMessage(m_processes);
    m_grid->addRow(tr("Chunk si&ze"), m_chunksize);
    m_chunksizeMessage = m_grid->addMessage(m_chunksize);
    m_grid->addRow(tr("Ma&x tasks per child"), m_maxTasks);
    m_maxTasksMessage = m_grid->addMessage(m_maxTasks);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_grid);

    connect(m_method, &QComboBox::currentIndexChanged, this, &PoolFields::changed);
    connect(m_processes, &QSpinBox::valueChanged, this, &PoolFields::changed);
    connect(m_chunksize, &QSpinBox::valueChanged, this, &PoolFields::changed);
    connect(m_maxTasks, &QSpinBox::valueChanged, this, &PoolFields::changed);
    connect(this, &PoolFields::changed, this, &PoolFields::explain);
    explain();
}

Method PoolFields::method() const
{
    return Method(m_method->currentData().toInt());
}

void PoolFields::writeTo(JobSpec &spec) const
{
    spec.method = method();
    spec.processes = m_processes->value();
    spec.chunksize = m_chunksize->number();
    spec.maxTasksPerChild = m_maxTasks->number();
}

void PoolFields::readFrom(const JobSpec &spec)
{
    m_method->setCurrentIndex(qMax(0, m_method->findData(int(spec.method))));
    m_processes->setValue(spec.processes);
    m_chunksize->setNumber(spec.chunksize);
    m_maxTasks->setNumber(spec.maxTasksPerChild);
    explain();
}

void PoolFields::setItemCount(std::optional<quint64> items)
{
    m_items = items;
    explain();
}

bool PoolFields::setProblem(const QString &option, const QString &message)
{
    FieldMessage *target = option == u"method"             ? m_methodMessage
                           : option == u"processes"        ? m_processesMessage
                           : option == u"chunksize"        ? m_chunksizeMessage
                           : option == u"maxtasksperchild" ? m_maxTasksMessage
                                                           : nullptr;
    if (target)
        target->setProblem(message);
    return target != nullptr;
}

void PoolFields::clearProblems()
{
    for (FieldMessage *message : {m_methodMessage, m_processesMessage, m_chunksizeMessage, m_maxTasksMessage})
        message->setProblem({});
}

void PoolFields::explain()
{
    m_methodMessage->setHint(explainMethod(method()));
    const int cpus = JobSpec::usableCpus();
    m_processesMessage->setHint(cpus == 1 ? tr("1 CPU can be used here.")
                                          : tr("%1 CPUs can be used here.").arg(locale().toString(cpus)));

    const std::optional<int> asked = m_chunksize->number();
    if (!asked && chunksByLength(method()) && !m_items) {
        m_chunksizeMessage->setHint(tr("auto = about four chunks per process"));
        m_maxTasksMessage->setHint(explainRecycling(0));
        return;
    }
    const quint64 chunksize = effectiveChunksize(
        method(), asked ? std::optional<std::uint64_t>(quint64(*asked)) : std::nullopt,
        m_items ? std::optional<std::uint64_t>(*m_items) : std::nullopt, std::uint32_t(m_processes->value()));
    m_chunksizeMessage->setHint(explainChunks(chunksize));
    m_maxTasksMessage->setHint(explainRecycling(chunksize));
}

QString PoolFields::explainChunks(quint64 chunksize) const
{
    const QString items = Wording::items(chunksize);
    const QString text = m_chunksize->number() ? items : tr("auto = %1").arg(items);
    return m_items ? tr("%1, %2").arg(text, Wording::chunks(chunkCount(*m_items, chunksize))) : text;
}

QString PoolFields::explainRecycling(quint64 chunksize) const
{
    const std::optional<int> most = m_maxTasks->number();
    if (!most)
        return tr("Processes live as long as the run.");
    const QString text = *most == 1 ? tr("A new process for every chunk")
                                    : tr("A new process every %1").arg(Wording::chunks(quint64(*most)));
    return chunksize > 0 ? tr("%1 ≈ %2").arg(text, Wording::items(chunksize * quint64(*most))) : text;
}

} // namespace Poolscope

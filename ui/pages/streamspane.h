// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/resultsmodel.h"
#include "ui/models/selecteditem.h"

#include <QWidget>

namespace Poolscope {

class DataTable;
class ReorderBuffer;
class ResultDelegate;
class Section;

/// The two result streams side by side, as the workers finish them and as the method hands them out, and
/// between them what is held back.
class StreamsPane final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(StreamsPane)

public:
    /// \param selection, filter  not owned, outlive the pane
    StreamsPane(SelectedItem *selection, RunFilter *filter, QWidget *parent = nullptr);

    /// Shows another run from its beginning. \param feed  not owned
    void clear(const RunFeed *feed);
    void apply(const RunSnapshot &snapshot);
    /// What the recording gave since then is to be shown.
    void showNotes(const RunSnapshot &snapshot);
    ReorderBuffer *reorderBuffer() const { return m_reorder; }
    /// Looks on for rows of the part that is shown. \returns whether there may be more
    bool readOn();

Q_SIGNALS:
    /// Another part of the run is listed, though perhaps not all of it yet: readOn() goes on.
    void narrowed();

private:
    void narrow();
    void showEmptyTexts();
    DataTable *makeTable(const QString &name, ResultsModel &model);
    void chooseFrom(const DataTable &table);
    void markSelected();
    static QString call(const RunSnapshot &snapshot, Method method);

    SelectedItem *const m_selection;
    RunFilter *const m_filter;
    const RunFeed *m_feed = nullptr;
    ResultsModel m_completed{ResultsModel::Stream::Completed};
    ResultsModel m_delivered{ResultsModel::Stream::Delivered};
    ResultDelegate *m_delegate;
    DataTable *m_completedTable;
    DataTable *m_deliveredTable;
    ReorderBuffer *m_reorder;
    Section *m_completedSection;
    Section *m_deliveredSection;
    bool m_isMarking = false; ///< A row is chosen because its item was, not the other way round.
};

} // namespace Poolscope

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/comparison/comparison.h"
#include "ui/export/pictureexport.h"

namespace Poolscope {

class RaceView;

/// The race as it stands in the view, with its figures and what they mean in words beneath.
/// \param race  shows the comparison; outlives the picture
PictureExport::Picture comparisonPicture(const Comparison &comparison, const RaceView *race);

} // namespace Poolscope

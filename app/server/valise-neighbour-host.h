/* valise-neighbour-host.h - a laptop's server, as valise-host.h describes it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "valise-host.h"

G_BEGIN_DECLS

extern const ValiseHostKind valise_neighbour_host;

G_END_DECLS

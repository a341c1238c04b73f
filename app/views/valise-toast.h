/* valise-toast.h - a sentence said in passing, whole on a narrow window too
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* @sentence is plain text, and stays as long as it takes to read it. Floating. */
AdwToast *valise_toast_new (const char *sentence);

G_END_DECLS

/* valise-sample-data.h - the sample programme: a session, its agenda, a dozen papers
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * data/sample: invented papers by invented participants; real resolutions by symbol alone. A
 * file is {"documents": [{"id": ID, …body}], "papers": [{…body, "texts": {LANGUAGE: [LINE…]}}]}.
 * A line is a paragraph: "# Heading", "3. Operative paragraph", "(a) Item under it", or plain
 * text; so paragraphs of one place have one key in all languages.
 */

#pragma once

#include "valise-issuer.h"

G_BEGIN_DECLS

/* Adds all of it; what stands already is left alone. Fails as valise_issuer_add(). */
gboolean valise_sample_data_add (ValiseIssuer *issuer, GError **error);

G_END_DECLS

/* valise-akn-meta.h - what an Akoma Ntoso file says about its document
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "valise-reading.h"
#include "valise-xml.h"

G_BEGIN_DECLS

/* @statement: the element below the root. Fills all of @reading but title and paragraphs; what
 * the file does not say stays as it was. */
void valise_akn_read_meta (xmlNode *statement, ValiseReading *reading);

/**
 * valise_akn_split_sponsors:
 * @by: "Bolivia (Plurinational State of), Bosnia and Herzegovina and Zambia"
 * @names: (element-type utf8): takes the names as printed
 *
 * Commas and the last "and" part names, but not within parentheses nor within a name. What is
 * "submitted by the Chair, …" is one.
 */
void valise_akn_split_sponsors (const char *by, GPtrArray *names);

G_END_DECLS

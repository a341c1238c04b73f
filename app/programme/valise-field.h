/* valise-field.h - whether a value is of its kind
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "valise-record.h"

G_BEGIN_DECLS

/* Where a description does not say. */
#define VALISE_FIELD_USUAL_MAX  1000 /* bytes of a text */
#define VALISE_FIELD_USUAL_MOST 1000 /* elements of an array */

/* As descriptions write it: "text". */
const char *valise_field_kind_get_name (ValiseFieldKind kind);

/* The kind that a description names "texts"; FALSE where there is none of that name. */
gboolean valise_field_kind_parse (const char *name, ValiseFieldKind *kind);

/* Checks the members of @object against @fields (element-type ValiseField). @path: what to put
 * before their names in messages. Fails with REQUIRED or FIELD of #ValiseRecordError. */
gboolean valise_field_check_all (const GPtrArray   *fields,
                                 const ValiseJson  *json,
                                 guint              object,
                                 const char        *path,
                                 const char *const *languages,
                                 GError           **error);

G_END_DECLS

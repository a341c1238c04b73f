/* valise-bundle-header.h - what a bundle says of itself
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Said by whoever made it, and proved by nothing: for people to read, and to find the
 * databases that its documents belong to. See valise-bundle-format.h.
 */

#pragma once

#include "valise-bundle-format.h"

G_BEGIN_DECLS

#define VALISE_BUNDLE_FOR_ANYONE      "anyone"
#define VALISE_BUNDLE_FOR_SECRETARIAT "secretariat"
#define VALISE_BUNDLE_FOR_COLLEAGUES  "colleagues" /* of the maker's own participant */

typedef struct
{
  char  *name;
  char  *epoch; /* of the maker's database: what its sequences count from */
  gint64 since; /* only what changed after this sequence is here; 0: all */
  gint64 until; /* and up to this one */
} ValiseBundleSection;

typedef struct
{
  char      *programme;
  char      *maker;     /* device */
  char      *person;    /* or NULL */
  char      *recipient; /* one of the above */
  gint64     made_us;   /* by the maker's clock */
  gint64     part;      /* from 1 */
  GPtrArray *sections;  /* (element-type ValiseBundleSection) */
} ValiseBundleHeader;

ValiseBundleHeader *valise_bundle_header_new (void) G_GNUC_WARN_UNUSED_RESULT;
void                valise_bundle_header_free (ValiseBundleHeader *self);
void                valise_bundle_header_add (ValiseBundleHeader *self,
                                              const char         *name,
                                              const char         *epoch,
                                              gint64              since,
                                              gint64              until);

/* Which section holds @name; -1: none. */
int valise_bundle_header_find (const ValiseBundleHeader *self, const char *name);

char *valise_bundle_header_to_text (const ValiseBundleHeader *self);

/* @text: untrusted. Fails with %VALISE_BUNDLE_ERROR_DAMAGED. */
ValiseBundleHeader *valise_bundle_header_parse (GBytes  *text,
                                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseBundleHeader, valise_bundle_header_free)

G_END_DECLS

/* valise-wanted.h - what the user asked for beyond the usual, and what they told to wait
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Kept in FOLDER/wanted.json, durable when a function returns. A plan is a list of documents
 * that are known and not here, under a name; how far it has come is read from the database,
 * so nothing here goes stale when a connection ends. Any thread.
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define VALISE_WANTED_MAX_IDS   20000 /* of a plan; more are left out */
#define VALISE_WANTED_MAX_PLANS 32

/* Documents of one database to be fetched together. Never changes once made; counted. */
typedef struct
{
  gatomicrefcount refs;
  char           *name;  /* for holding it: the meeting's id, say */
  char           *title; /* as people know it */
  char           *database;
  GPtrArray      *ids;   /* (element-type utf8), in the order in which to fetch them */
  GArray         *sizes; /* (element-type gint64): bytes of each, as announced; 0: unknown */
} ValisePlan;

ValisePlan *valise_plan_new (const char *name, const char *title, const char *database);
ValisePlan *valise_plan_ref (ValisePlan *self);
void        valise_plan_unref (ValisePlan *self);

/* Before the plan is given away. */
void valise_plan_add (ValisePlan *self, const char *id, gint64 size);

/* Bytes of all its documents, as announced. */
guint64 valise_plan_get_bytes (const ValisePlan *self);

/* How many bytes the document @id of @size usually takes on a compressed line: by its language,
 * as measured on 48 resolutions in the six; and all of a plan. What it takes on this laptop's
 * line, valise_scheduler_estimate() says. */
guint64 valise_plan_weigh (const char *id, gint64 size);
guint64 valise_plan_get_weight (const ValisePlan *self);

typedef struct _ValiseWanted ValiseWanted;

/* An absent or damaged file wants nothing; a damaged one is logged. */
ValiseWanted *valise_wanted_load (const char *folder) G_GNUC_WARN_UNUSED_RESULT;
ValiseWanted *valise_wanted_ref (ValiseWanted *self);
void          valise_wanted_unref (ValiseWanted *self);

/* What is put and held counts at once, and lasts once it is saved. Durable when it returns; any
 * %G_FILE_ERROR. Whoever asks meanwhile does not wait. */
gboolean valise_wanted_save (ValiseWanted *self, GError **error);

/* Replaces the plan of that name; one without documents only takes it away. */
void valise_wanted_put (ValiseWanted *self, ValisePlan *plan);

/* Takes away @plan, which is done, unless another of its name has come since; and saves. */
gboolean valise_wanted_finish (ValiseWanted *self, ValisePlan *plan, GError **error);

/* Returns: (element-type ValisePlan): the newest first, held ones too */
GPtrArray *valise_wanted_list (ValiseWanted *self);

/* @name: of a plan, or "DATABASE/ID" of a document that was written here. */
void     valise_wanted_hold (ValiseWanted *self, const char *name, gboolean hold);
gboolean valise_wanted_is_held (ValiseWanted *self, const char *name);

/* Names what of @database is held, for valise_replicator_set_want_version(), so that what is
 * let go later is offered again; %NULL: nothing is. */
char *valise_wanted_dup_version (ValiseWanted *self, const char *database);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValisePlan, valise_plan_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseWanted, valise_wanted_unref)

G_END_DECLS

/* valise-library.h - the record on this laptop, as objects and list models for a window
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Main thread; nothing here blocks: what needs the store runs on a worker and arrives later.
 * Lists fill their rows as they are looked at and follow the store by themselves.
 */

#pragma once

#include "valise-agenda-item.h"
#include "valise-meeting.h"
#include "valise-paper-file.h"
#include "valise-paper.h"
#include "valise-text.h"
#include "valise-travel.h"
#include "valise-version.h"

G_BEGIN_DECLS

typedef struct _ValiseHome ValiseHome; /* views need not know the store */

#define VALISE_LIBRARY_ERROR (valise_library_error_quark ())

/**
 * ValiseLibraryError:
 * @VALISE_LIBRARY_ERROR_MISSING: no such paper or meeting on this laptop
 * @VALISE_LIBRARY_ERROR_NOT_HERE: it exists, but its text was not fetched
 */
typedef enum
{
  VALISE_LIBRARY_ERROR_MISSING,
  VALISE_LIBRARY_ERROR_NOT_HERE,
} ValiseLibraryError;

GQuark valise_library_error_quark (void);

/* --- search -------------------------------------------------------------------------- */

/* One line of a result: a language of a paper, or a page of one of its originals. */
typedef struct
{
  char   *symbol;
  char   *title;
  char   *kind;
  char   *date;
  char   *language;
  char   *paragraph;   /* number, or NULL */
  char   *key;         /* of the paragraph, or NULL */
  char   *sha256;      /* of the original, or NULL */
  char   *file;        /* its name */
  guint   page;        /* its page, from 1; 0: none */
  char   *snippet;     /* plain */
  GArray *marks;       /* guint pairs of byte offsets into snippet */
  guint   n_languages; /* the paper has texts in */
} ValiseFinding;

void valise_finding_free (ValiseFinding *finding);

/* Restrictions of a list or a search; NULL: none. */
typedef struct
{
  const char *meeting;
  const char *item;
  const char *author;
  const char *language;
  const char *kind;
  gboolean    unread;
} ValiseLibraryFilter;

/* --- the library ------------------------------------------------------------------------------ */

#define VALISE_TYPE_LIBRARY (valise_library_get_type ())

/* Property "language" (string, read-write): in which titles are preferred. Signal "changed". */
G_DECLARE_FINAL_TYPE (ValiseLibrary, valise_library, VALISE, LIBRARY, GObject)

/* Starts the index of @home. */
ValiseLibrary *valise_library_new (ValiseHome *home,
                                   const char *language,
                                   GError    **error) G_GNUC_WARN_UNUSED_RESULT;

/* Papers with a heading before each meeting's agenda item: a GListModel of ValisePaper. */
GListModel *valise_library_list_papers (ValiseLibrary *self, const ValiseLibraryFilter *filter)
    G_GNUC_WARN_UNUSED_RESULT;
/* Of ValisePaper, newest first, at most @limit: what arrived last. */
GListModel *valise_library_list_arrived (ValiseLibrary *self,
                                         guint          limit) G_GNUC_WARN_UNUSED_RESULT;
/* Of ValiseMeeting, the newest first. */
GListModel *valise_library_list_meetings (ValiseLibrary *self) G_GNUC_WARN_UNUSED_RESULT;
/* Of ValiseAgendaItem. */
GListModel *valise_library_list_agenda (ValiseLibrary *self,
                                        const char    *meeting) G_GNUC_WARN_UNUSED_RESULT;

guint valise_library_get_n_papers (ValiseLibrary *self); /* as last known */
guint valise_library_get_n_unread (ValiseLibrary *self);

/* Whether more has come than was read so far: what a list or a search has not may yet be here.
 * "changed" follows once it no longer is so. */
gboolean valise_library_is_behind (ValiseLibrary *self);

/* Distinct values for a filter: "meeting", "item", "author", "language", "kind": pairs of value
 * and label, as strings "VALUE\tLABEL\tCOUNT". */
void   valise_library_list_values_async (ValiseLibrary             *self,
                                         const char                *column,
                                         const ValiseLibraryFilter *filter,
                                         GCancellable              *cancellable,
                                         GAsyncReadyCallback        callback,
                                         gpointer                   user_data);
char **valise_library_list_values_finish (ValiseLibrary *self,
                                          GAsyncResult  *result,
                                          GError       **error);

void         valise_library_open_async (ValiseLibrary      *self,
                                        const char         *symbol,
                                        GCancellable       *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer            user_data);
ValisePaper *valise_library_open_finish (ValiseLibrary *self, GAsyncResult *result, GError **error);

void        valise_library_read_async (ValiseLibrary      *self,
                                       const char         *symbol,
                                       const char         *language,
                                       GCancellable       *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer            user_data);
ValiseText *valise_library_read_finish (ValiseLibrary *self, GAsyncResult *result, GError **error);

/* The files that papers name (element-type ValisePaperFile), in the order of the list of papers.
 * @symbol: (nullable): of one paper; @filter: (nullable): its meeting, item and language count,
 * the language that of the file; a file that names none is always among them. */
void       valise_library_list_files_async (ValiseLibrary             *self,
                                            const char                *symbol,
                                            const ValiseLibraryFilter *filter,
                                            GCancellable              *cancellable,
                                            GAsyncReadyCallback        callback,
                                            gpointer                   user_data);
GPtrArray *valise_library_list_files_finish (ValiseLibrary *self,
                                             GAsyncResult  *result,
                                             GError       **error);

/* As one types; the one before should be cancelled. Returns: (element-type ValiseFinding). */
void       valise_library_search_async (ValiseLibrary             *self,
                                        const char                *query,
                                        const ValiseLibraryFilter *filter,
                                        guint                      limit,
                                        GCancellable              *cancellable,
                                        GAsyncReadyCallback        callback,
                                        gpointer                   user_data);
GPtrArray *valise_library_search_finish (ValiseLibrary *self,
                                         GAsyncResult  *result,
                                         guint         *total,
                                         GError       **error);

/* What of the papers of @meeting (its id) is not here; @languages: (nullable): all six. Fails with
 * %VALISE_LIBRARY_ERROR_MISSING where the meeting is not known. */
void          valise_library_plan_travel_async (ValiseLibrary      *self,
                                                const char         *meeting,
                                                const char *const  *languages,
                                                GCancellable       *cancellable,
                                                GAsyncReadyCallback callback,
                                                gpointer            user_data);
ValiseTravel *valise_library_plan_travel_finish (ValiseLibrary *self,
                                                 GAsyncResult  *result,
                                                 GError       **error);

/* Remembered on this laptop, never replicated. */
void valise_library_mark_read (ValiseLibrary *self, const char *symbol, gboolean read);

G_END_DECLS

/* valise-library.h - the record on this laptop, as objects and list models for a window
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Main thread; nothing here blocks: what needs the store runs on a worker and arrives later.
 * Lists fill their rows as they are looked at and follow the store by themselves.
 */

#pragma once

#include <gio/gio.h>

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

/* --- one language version of a paper, in a list or in a reader's header ------------------- */

#define VALISE_TYPE_VERSION (valise_version_get_type ())
G_DECLARE_FINAL_TYPE (ValiseVersion, valise_version, VALISE, VERSION, GObject)

const char *valise_version_get_language (ValiseVersion *self);
gboolean    valise_version_get_here (ValiseVersion *self); /* its text is on this laptop */
gint64      valise_version_get_size (ValiseVersion *self); /* bytes; where not here, to fetch */
const char *valise_version_get_database (ValiseVersion *self);
const char *valise_version_get_id (ValiseVersion *self); /* for valise_scheduler_fetch_async() */

/* --- a paper ------------------------------------------------------------------------------ */

#define VALISE_TYPE_PAPER (valise_paper_get_type ())

/* A row of the library: a paper, or the heading of a group of them. All getters may give NULL
 * until "loaded" (boolean property) is TRUE; everything else notifies through it. */
G_DECLARE_FINAL_TYPE (ValisePaper, valise_paper, VALISE, PAPER, GObject)

gboolean    valise_paper_is_heading (ValisePaper *self); /* title alone counts */
gboolean    valise_paper_get_loaded (ValisePaper *self);
const char *valise_paper_get_symbol (ValisePaper *self);
const char *valise_paper_get_title (ValisePaper *self); /* in the best language there is */
const char *valise_paper_get_title_language (ValisePaper *self);
char       *valise_paper_dup_title_in (ValisePaper *self, const char *language); /* or NULL */
const char *valise_paper_get_kind (ValisePaper *self);    /* "resolution"; views translate it */
const char *valise_paper_get_date (ValisePaper *self);    /* "2022-12-07" */
const char *valise_paper_get_meeting (ValisePaper *self); /* id */
const char *valise_paper_get_item (ValisePaper *self);
const char *valise_paper_get_author (
    ValisePaper *self); /* as shown: "Kestria", "General Assembly" */
GListModel *valise_paper_get_versions (ValisePaper *self); /* of ValiseVersion */
gboolean    valise_paper_get_unread (ValisePaper *self);
/* Symbols this one names, revises or corrects, and those that name it (NULL-terminated). */
const char *const *valise_paper_get_references (ValisePaper *self);
/* "Sealed", who and when: the key's id and the issue number; NULL and 0 where unsealed. */
const char *valise_paper_get_seal_key (ValisePaper *self);
gint64      valise_paper_get_issue (ValisePaper *self);
const char *valise_paper_get_source (ValisePaper *self); /* "United Nations … unofficial copy" */

/* --- its text in one language --------------------------------------------------------------- */

typedef struct
{
  char *key;
  char *kind;   /* see valise-reading.h */
  char *number; /* "3", "PP2", NULL */
  char *text;   /* with the closed set of inline tags */
  int   level;
} ValiseLine;

#define VALISE_TYPE_TEXT (valise_text_get_type ())
G_DECLARE_FINAL_TYPE (ValiseText, valise_text, VALISE, TEXT, GObject)

const char       *valise_text_get_symbol (ValiseText *self);
const char       *valise_text_get_language (ValiseText *self);
const char       *valise_text_get_title (ValiseText *self);
guint             valise_text_get_n_lines (ValiseText *self);
const ValiseLine *valise_text_get_line (ValiseText *self, guint index);
/* The exact reference: "A/RES/77/37, para. 3", in the text's language. */
char *valise_text_dup_reference (ValiseText *self, guint index);
/* Line @index of one language beside another's: the line of @other with the same key, or -1. */
int valise_text_pair (ValiseText *self, guint index, ValiseText *other);

/* --- meetings and agendas --------------------------------------------------------------------- */

#define VALISE_TYPE_MEETING (valise_meeting_get_type ())
G_DECLARE_FINAL_TYPE (ValiseMeeting, valise_meeting, VALISE, MEETING, GObject)

const char *valise_meeting_get_id (ValiseMeeting *self);
char       *valise_meeting_dup_title_in (ValiseMeeting *self, const char *language);
const char *valise_meeting_get_title (ValiseMeeting *self);
const char *valise_meeting_get_start (ValiseMeeting *self); /* "2026-07-20" */
const char *valise_meeting_get_end (ValiseMeeting *self);
const char *valise_meeting_get_venue (ValiseMeeting *self);
const char *valise_meeting_get_time_zone (ValiseMeeting *self); /* "America/New_York" */
guint       valise_meeting_get_n_papers (ValiseMeeting *self);

#define VALISE_TYPE_AGENDA_ITEM (valise_agenda_item_get_type ())
G_DECLARE_FINAL_TYPE (ValiseAgendaItem, valise_agenda_item, VALISE, AGENDA_ITEM, GObject)

const char *valise_agenda_item_get_number (ValiseAgendaItem *self);
const char *valise_agenda_item_get_title (ValiseAgendaItem *self);
/* "2026-07-21T10:00" in the meeting's time zone, or NULL; and minutes, or 0 */
const char *valise_agenda_item_get_starts (ValiseAgendaItem *self);
int         valise_agenda_item_get_minutes (ValiseAgendaItem *self);
GListModel *valise_agenda_item_get_papers (ValiseAgendaItem *self); /* of ValisePaper */

/* --- search
 * --------------------------------------------------------------------------------------- */

/* One line of a result: a language of a paper. */
typedef struct
{
  char   *symbol;
  char   *title;
  char   *kind;
  char   *date;
  char   *language;
  char   *paragraph; /* number, or NULL */
  char   *key;       /* of the paragraph, or NULL */
  char   *snippet;   /* plain */
  GArray *marks;     /* guint pairs of byte offsets into snippet */
  guint   n_languages;
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

/* Remembered on this laptop, never replicated. */
void valise_library_mark_read (ValiseLibrary *self, const char *symbol, gboolean read);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-pairing-page"

#include "config.h"

#include <glib/gi18n.h>

#include "valise-colleague-words.h"
#include "valise-pairing-page.h"

/**
 * ValisePairingPage:
 *
 * Either the ways to another laptop, or the pairing that is under way. Both laptops show the same
 * page: each may ask the other.
 */
struct _ValisePairingPage
{
  AdwBin parent_instance;

  ValiseVicinity *vicinity;
  gboolean        open;
  gboolean        told; /* that it is done */

  GtkWidget *stack;
  GtkWidget *own;    /* the row of this laptop */
  GtkWidget *nearby; /* the group of others */
  GtkWidget *nobody; /* the row that says there are none */
  GPtrArray *rows;   /* of others, (element-type GtkWidget) */
  GtkWidget *address;
  GtkWidget *status;
  GtkWidget *code;
  GtkWidget *spinner;
  GtkWidget *same;
  GtkWidget *different;
  GtkWidget *back;
};

G_DEFINE_FINAL_TYPE (ValisePairingPage, valise_pairing_page, ADW_TYPE_BIN)

enum
{
  SIGNAL_PAIRED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* --- the pairing that is under way ------------------------------------------------------------ */

/* In two halves, which are easier to say and to compare; isolated, or else an Arabic screen would
 * show the second first. */
static void
say_code (ValisePairingPage *self, const char *code)
{
  g_autofree char *halves =
      code != NULL ? g_strdup_printf ("\u2066%.3s\u2009%s\u2069", code, code + 3) : g_strdup ("");

  gtk_label_set_text (GTK_LABEL (self->code), halves);
  gtk_widget_set_visible (self->code, code != NULL);
}

static char *
describe_other (const ValiseVicinityPairing *pairing)
{
  g_autofree char *name = valise_colleague_name (pairing->person, pairing->participant);

  if (pairing->participant != NULL)
    /* Translators: %s is a person and a delegation. */
    return g_strdup_printf (_ ("%s. Does the other laptop show the same digits?"), name);
  return g_strdup_printf (
      _ ("It says that it is %s’s. The secretariat has not certified that, so it "
         "will have only what everyone may read. Does it show the same digits?"),
      name);
}

static void
say_status (ValisePairingPage *self, const char *title, const char *description)
{
  g_autofree char *escaped = description != NULL ? g_markup_escape_text (description, -1) : NULL;

  adw_status_page_set_title (ADW_STATUS_PAGE (self->status), title);
  adw_status_page_set_description (ADW_STATUS_PAGE (self->status), escaped);
}

static void
say_pairing (ValisePairingPage *self, const ValiseVicinityPairing *pairing)
{
  g_autofree char *text = NULL;

  switch (pairing->phase)
    {
    case VALISE_PAIRING_CALLING:
      /* Translators: %s is an address: "192.168.1.7". */
      text = g_strdup_printf (_ ("Asking the laptop at %s"), pairing->address);
      say_status (self, _ ("One Moment…"), text);
      break;
    case VALISE_PAIRING_COMPARE:
      text = describe_other (pairing);
      say_status (self, _ ("Compare the Digits"), text);
      break;
    case VALISE_PAIRING_CONFIRMING:
      say_status (self, _ ("Waiting for the Other Laptop"),
                  _ ("Its user has to confirm the same digits."));
      break;
    case VALISE_PAIRING_FAILED:
      text = valise_colleague_explain_pairing (pairing->error);
      say_status (self, _ ("Not Paired"), text);
      break;
    case VALISE_PAIRING_NONE:
    case VALISE_PAIRING_DONE:
    default:
      break;
    }
}

static void
show_buttons (ValisePairingPage *self, ValisePairingPhase phase)
{
  gboolean compares = phase == VALISE_PAIRING_COMPARE;
  gboolean waits = phase == VALISE_PAIRING_CALLING || phase == VALISE_PAIRING_CONFIRMING;

  gtk_widget_set_visible (self->same, compares);
  gtk_widget_set_visible (self->different, compares);
  gtk_widget_set_visible (self->spinner, waits);
  gtk_spinner_set_spinning (GTK_SPINNER (self->spinner), waits);
  gtk_widget_set_visible (self->back, waits || phase == VALISE_PAIRING_FAILED);
  gtk_button_set_label (GTK_BUTTON (self->back),
                        phase == VALISE_PAIRING_FAILED ? _ ("Try Again") : _ ("Cancel"));
}

/* --- the ways to another laptop --------------------------------------------------------------- */

static void
chosen_cb (ValisePairingPage *self, GtkWidget *row)
{
  valise_vicinity_call (self->vicinity, g_object_get_data (G_OBJECT (row), "address"));
}

static GtkWidget *
make_row (ValisePairingPage *self, const ValiseNearbyLaptop *laptop)
{
  GtkWidget       *row = adw_action_row_new ();
  GtkWidget       *arrow = gtk_image_new_from_icon_name ("go-next-symbolic");
  g_autofree char *title = g_strdup_printf (_ ("Laptop %s"), laptop->name);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE); /* a stranger's name */
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), laptop->address);
  gtk_accessible_update_property (GTK_ACCESSIBLE (arrow), GTK_ACCESSIBLE_PROPERTY_LABEL, "", -1);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), arrow);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  g_object_set_data_full (G_OBJECT (row), "address", g_strdup (laptop->address), g_free);
  g_signal_connect_object (row, "activated", G_CALLBACK (chosen_cb), self, G_CONNECT_SWAPPED);
  return row;
}

/* Whether the rows are of just these laptops: then they stay, and with them the focus. */
static gboolean
is_shown (ValisePairingPage *self, GPtrArray *laptops)
{
  if (self->rows->len != laptops->len)
    return FALSE;
  for (guint i = 0; i < laptops->len; i++)
    {
      const ValiseNearbyLaptop *laptop = g_ptr_array_index (laptops, i);

      if (g_strcmp0 (g_object_get_data (g_ptr_array_index (self->rows, i), "address"),
                     laptop->address)
          != 0)
        return FALSE;
    }
  return TRUE;
}

static void
show_laptops (ValisePairingPage *self)
{
  g_autoptr (GPtrArray) laptops = valise_vicinity_list_strangers (self->vicinity);

  gtk_widget_set_visible (self->nobody, laptops->len == 0);
  adw_preferences_row_set_title (
      ADW_PREFERENCES_ROW (self->nobody),
      valise_vicinity_can_see (self->vicinity)
          ? _ ("None seen yet. Open this page on the other laptop.")
          : _ ("This laptop cannot look for others: its Avahi service is not running. Type the "
               "address that the other laptop shows."));
  if (is_shown (self, laptops))
    return;
  for (guint i = 0; i < self->rows->len; i++)
    adw_preferences_group_remove (ADW_PREFERENCES_GROUP (self->nearby),
                                  g_ptr_array_index (self->rows, i));
  g_ptr_array_set_size (self->rows, 0);
  for (guint i = 0; i < laptops->len; i++)
    {
      GtkWidget *row = make_row (self, g_ptr_array_index (laptops, i));

      g_ptr_array_add (self->rows, row);
      adw_preferences_group_add (ADW_PREFERENCES_GROUP (self->nearby), row);
    }
}

static void
show_own (ValisePairingPage *self)
{
  const char      *address = valise_vicinity_get_address (self->vicinity);
  const char      *name = valise_vicinity_get_name (self->vicinity);
  g_autofree char *subtitle = NULL;

  if (address == NULL)
    subtitle = g_strdup (_ ("Connect both laptops to the same network, a phone’s for example"));
  else if (name != NULL)
    /* Translators: %s is four characters by which laptops nearby show this one: "4F2A". */
    subtitle = g_strdup_printf (_ ("Others see it as “Laptop %s”, for ten minutes"), name);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->own),
                                 address != NULL ? address : _ ("On no local network"));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->own), subtitle);
}

/* --- together --------------------------------------------------------------------------------- */

static void
update (ValisePairingPage *self)
{
  const ValiseVicinityPairing *pairing = valise_vicinity_get_pairing (self->vicinity);
  gboolean                     under_way =
      pairing->phase != VALISE_PAIRING_NONE && pairing->phase != VALISE_PAIRING_DONE;

  if (!self->open)
    return;
  if (pairing->phase == VALISE_PAIRING_DONE && !self->told)
    {
      g_autofree char *person = g_strdup (pairing->person);

      self->told = TRUE;
      g_signal_emit (self, signals[SIGNAL_PAIRED], 0, person);
      return;
    }
  self->told = pairing->phase == VALISE_PAIRING_DONE;
  show_own (self);
  show_laptops (self);
  say_pairing (self, pairing);
  say_code (self, pairing->phase == VALISE_PAIRING_FAILED ? NULL : pairing->code);
  show_buttons (self, pairing->phase);
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), under_way ? "pairing" : "ways");
}

static void
typed_cb (ValisePairingPage *self)
{
  g_autofree char *address = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->address)));

  g_strstrip (address);
  if (*address != '\0')
    valise_vicinity_call (self->vicinity, address);
}

static void
same_cb (ValisePairingPage *self)
{
  valise_vicinity_answer (self->vicinity, TRUE);
}

static void
different_cb (ValisePairingPage *self)
{
  valise_vicinity_answer (self->vicinity, FALSE);
}

static void
back_cb (ValisePairingPage *self)
{
  valise_vicinity_give_up (self->vicinity);
  valise_vicinity_set_door (self->vicinity, TRUE);
}

static void
valise_pairing_page_dispose (GObject *object)
{
  ValisePairingPage *self = VALISE_PAIRING_PAGE (object);

  if (self->vicinity != NULL)
    {
      valise_pairing_page_set_open (self, FALSE);
      g_signal_handlers_disconnect_by_data (self->vicinity, self);
    }
  g_clear_object (&self->vicinity);

  G_OBJECT_CLASS (valise_pairing_page_parent_class)->dispose (object);
}

static void
valise_pairing_page_finalize (GObject *object)
{
  g_ptr_array_unref (VALISE_PAIRING_PAGE (object)->rows);

  G_OBJECT_CLASS (valise_pairing_page_parent_class)->finalize (object);
}

static void
valise_pairing_page_class_init (ValisePairingPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = valise_pairing_page_dispose;
  object_class->finalize = valise_pairing_page_finalize;
  signals[SIGNAL_PAIRED] = g_signal_new ("paired", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

/* --- making ----------------------------------------------------------------------------------- */

static GtkWidget *
make_group (const char *title, const char *description, GtkWidget *row)
{
  GtkWidget *group = adw_preferences_group_new ();

  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), title);
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (group), description);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);
  return group;
}

static GtkWidget *
make_ways (ValisePairingPage *self)
{
  GtkWidget *page = adw_preferences_page_new ();

  self->own = adw_action_row_new ();
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (self->own), 0);
  self->nobody = adw_action_row_new ();
  adw_action_row_set_title_lines (ADW_ACTION_ROW (self->nobody), 0);
  self->nearby = make_group (_ ("Laptops Nearby"), NULL, self->nobody);
  self->address = adw_entry_row_new ();
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->address),
                                 _ ("Address of the other laptop"));
  adw_entry_row_set_show_apply_button (ADW_ENTRY_ROW (self->address), TRUE);
  gtk_editable_set_alignment (GTK_EDITABLE (self->address), 0);
  g_signal_connect_object (self->address, "apply", G_CALLBACK (typed_cb), self, G_CONNECT_SWAPPED);
  adw_preferences_page_add (
      ADW_PREFERENCES_PAGE (page),
      ADW_PREFERENCES_GROUP (make_group (_ ("This Laptop"),
                                         _ ("Open this page on both laptops. On one of them, "
                                            "choose the other or type its address. "
                                            "Then compare the digits that both show."),
                                         self->own)));
  adw_preferences_page_add (ADW_PREFERENCES_PAGE (page), ADW_PREFERENCES_GROUP (self->nearby));
  adw_preferences_page_add (ADW_PREFERENCES_PAGE (page),
                            ADW_PREFERENCES_GROUP (make_group (NULL, NULL, self->address)));
  return page;
}

static GtkWidget *
make_button (ValisePairingPage *self, const char *label, const char *style, GCallback clicked)
{
  GtkWidget *button = gtk_button_new_with_label (label);

  gtk_widget_add_css_class (button, "pill");
  if (style != NULL)
    gtk_widget_add_css_class (button, style);
  gtk_widget_set_halign (button, GTK_ALIGN_CENTER);
  g_signal_connect_object (button, "clicked", clicked, self, G_CONNECT_SWAPPED);
  return button;
}

static GtkWidget *
make_pairing (ValisePairingPage *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);

  self->status = adw_status_page_new ();
  self->code = gtk_label_new (NULL);
  gtk_widget_add_css_class (self->code, "pairing-code");
  gtk_label_set_selectable (GTK_LABEL (self->code), FALSE);
  self->spinner = gtk_spinner_new ();
  gtk_widget_set_size_request (self->spinner, 32, 32);
  self->same =
      make_button (self, _ ("They Are the Same"), "suggested-action", G_CALLBACK (same_cb));
  self->different = make_button (self, _ ("They Differ"), NULL, G_CALLBACK (different_cb));
  self->back = make_button (self, _ ("Cancel"), NULL, G_CALLBACK (back_cb));
  gtk_box_append (GTK_BOX (box), self->code);
  gtk_box_append (GTK_BOX (box), self->spinner);
  gtk_box_append (GTK_BOX (box), self->same);
  gtk_box_append (GTK_BOX (box), self->different);
  gtk_box_append (GTK_BOX (box), self->back);
  adw_status_page_set_child (ADW_STATUS_PAGE (self->status), box);
  gtk_widget_add_css_class (self->status, "compact");
  return self->status;
}

static void
valise_pairing_page_init (ValisePairingPage *self)
{
  self->rows = g_ptr_array_new ();
  self->stack = gtk_stack_new ();
  gtk_widget_set_vexpand (self->stack, TRUE);
  gtk_stack_add_named (GTK_STACK (self->stack), make_ways (self), "ways");
  gtk_stack_add_named (GTK_STACK (self->stack), make_pairing (self), "pairing");
  adw_bin_set_child (ADW_BIN (self), self->stack);
}

GtkWidget *
valise_pairing_page_new (ValiseVicinity *vicinity)
{
  ValisePairingPage *self = g_object_new (VALISE_TYPE_PAIRING_PAGE, NULL);

  self->vicinity = g_object_ref (vicinity);
  g_signal_connect_object (vicinity, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}

void
valise_pairing_page_set_open (ValisePairingPage *self, gboolean open)
{
  g_return_if_fail (VALISE_IS_PAIRING_PAGE (self));

  if (self->open == open)
    return;
  self->open = open;
  self->told = TRUE; /* what was done before is not news */
  valise_vicinity_give_up (self->vicinity);
  valise_vicinity_set_door (self->vicinity, open);
  update (self);
}

void
valise_pairing_page_call (ValisePairingPage *self, const char *address)
{
  g_return_if_fail (VALISE_IS_PAIRING_PAGE (self));

  gtk_editable_set_text (GTK_EDITABLE (self->address), address);
  typed_cb (self);
}

const char *
valise_pairing_page_get_code (ValisePairingPage *self)
{
  g_return_val_if_fail (VALISE_IS_PAIRING_PAGE (self), NULL);

  return gtk_widget_get_visible (self->code) ? gtk_label_get_text (GTK_LABEL (self->code)) : NULL;
}

void
valise_pairing_page_answer (ValisePairingPage *self, gboolean same)
{
  g_return_if_fail (VALISE_IS_PAIRING_PAGE (self));

  g_signal_emit_by_name (same ? self->same : self->different, "clicked");
}

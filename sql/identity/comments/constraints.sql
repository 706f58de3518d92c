-- Why the rules are there.

comment on constraint ck_mode_singleton on identity.mode is 'One row.';

comment on constraint ck_person_role on identity.person is 'The portal roles.';
comment on constraint ck_person_operator on identity.person is
  'People of an operator, and they alone, belong to one.';

comment on constraint ck_session_token_sha256 on identity.session is 'SHA-256 has 32 bytes.';
comment on constraint uq_person_representative on identity.person is
  'One person for a representative.';
comment on constraint ck_saved_view_name on identity.saved_view is 'A name that can be read.';
comment on constraint ck_saved_view_target on identity.saved_view is
  'The name of a page of the portal, never an address.';
comment on constraint ck_saved_view_parameters on identity.saved_view is 'Names with values.';

comment on constraint ck_session_reason on identity.session is
  'A reason is of a kind, in words and of a time.';
comment on constraint ck_session_reason_text on identity.session is 'A reason says something, in short.';
comment on constraint ck_role_code on identity.role is 'A name that tables and addresses can carry.';
comment on constraint ck_role_database_role on identity.role is 'The portal roles.';
comment on constraint ck_role_authority on identity.role is 'Who appoints: two authorities, and operators.';
comment on constraint ck_permission_code on identity.permission is 'What it is about, and the act.';
comment on constraint ck_permission_area on identity.permission is 'The headings of the matrix.';
comment on constraint ck_permission_sees on identity.permission is
  'A sight names what the database grants; an act nothing.';
comment on constraint ck_permission_four_eyes on identity.permission is
  'What takes two people is dangerous.';
comment on constraint ck_appointment_state on identity.appointment is 'The states of an appointment.';
comment on constraint ck_appointment_term on identity.appointment is 'It ends after it begins.';
comment on constraint ck_appointment_change_action on identity.appointment_change is
  'What can be proposed.';
comment on constraint ck_appointment_change_state on identity.appointment_change is
  'The states of a proposal.';
comment on constraint ck_appointment_change_decided on identity.appointment_change is
  'Decided is what no longer waits, by somebody, at a time.';
comment on constraint ck_appointment_change_reason on identity.appointment_change is
  'Each proposal says why.';
comment on constraint ck_appointment_event_deed on identity.appointment_event is
  'The steps of a proposal, and the acts that need none.';
comment on constraint uq_role_position on identity.role is 'Lists have one order.';
comment on constraint uq_permission_position on identity.permission is 'Lists have one order.';
comment on constraint ck_person_tax_number on identity.person is 'Ten digits.';
comment on constraint uq_session_id on identity.session is 'A number names one session.';
comment on constraint uq_session_signature on identity.session is 'A signature begins one session.';
comment on constraint ck_challenge_browser_sha256 on identity.challenge is 'SHA-256 has 32 bytes.';
comment on constraint ck_challenge_request_sha256 on identity.challenge is 'SHA-256 has 32 bytes.';
comment on constraint ck_challenge_purpose on identity.challenge is 'The name of a purpose.';
comment on constraint ck_challenge_content on identity.challenge is
  'A text, and no more than can be shown.';
comment on constraint ck_challenge_expires_at on identity.challenge is 'It counts for some time.';
comment on constraint uq_signature_challenge on identity.signature is 'A challenge counts once.';
comment on constraint ck_signature_content_sha256 on identity.signature is
  'The hash is that of the text.';
comment on constraint ck_signature_verdict on identity.signature is 'Nothing else counts.';
comment on constraint ck_signature_tax_number on identity.signature is 'Ten digits.';
comment on constraint ck_signature_object on identity.signature is
  'A decision has a person and an object, signing in has neither.';
comment on constraint ck_lock_of on identity.lock is 'A person or an organisation.';
comment on constraint ck_lock_reason on identity.lock is 'Words that can be read.';
comment on constraint ck_lock_proposed on identity.lock is 'A proposal has a person and a reason.';
comment on constraint ck_lock_four_eyes on identity.lock is 'Who proposed does not lift.';
comment on constraint ck_notice_kind_kind on identity.notice_kind is 'A constant name.';
comment on constraint ck_notice_kind_tone on identity.notice_kind is 'A tone that pages know.';
comment on constraint ck_notice_kind_by_mail on identity.notice_kind is 'A way that there is.';
comment on constraint uq_notice_subject on identity.notice is 'A subject is told once.';
comment on constraint ck_notice_facts on identity.notice is 'Names with values.';
comment on constraint ck_notice_target on identity.notice is
  'The name of a page of the portal, never an address.';
comment on constraint ck_notice_parameters on identity.notice is 'Names with values.';
comment on constraint ck_notice_by_mail on identity.notice is 'A way that there is.';
comment on constraint ck_notice_setting_by_mail on identity.notice_setting is
  'A way that there is.';
comment on constraint ck_contact_email on identity.contact is
  'One address and nothing else: no space, comma, bracket or line end.';
comment on constraint ck_contact_language on identity.contact is 'A language of the portal.';
comment on constraint ck_contact_digest_hour on identity.contact is 'An hour of the day.';
comment on constraint ck_subscription_name on identity.subscription is 'A name that can be read.';
comment on constraint ck_subscription_target on identity.subscription is
  'The name of a page of the portal, never an address.';
comment on constraint ck_subscription_parameters on identity.subscription is 'Names with values.';
comment on constraint ck_subscription_every on identity.subscription is 'A schedule that there is.';
comment on constraint ck_subscription_at_weekday on identity.subscription is 'Monday to Sunday.';
comment on constraint ck_subscription_at_month_day on identity.subscription is 'A day of a month.';
comment on constraint ck_subscription_at_hour on identity.subscription is 'An hour of the day.';
comment on constraint ck_subscription_language on identity.subscription is
  'A language of the portal.';
comment on constraint uq_delivery_due on identity.delivery is 'Each moment is settled once.';
comment on constraint ck_delivery_outcome on identity.delivery is 'An outcome that there is.';
comment on constraint ck_mail_kind on identity.mail is 'A kind that there is.';
comment on constraint ck_mail_recipient on identity.mail is
  'One address and nothing else: nothing can be added to a header through it.';
comment on constraint ck_mail_subject on identity.mail is
  'One line: nothing can be added to a header through it.';
comment on constraint ck_mail_stop_address on identity.mail is
  'A web address without spaces, commas, brackets or line ends.';
comment on constraint ck_mail_state on identity.mail is 'A state that there is.';
comment on constraint ck_mail_attempt_outcome on identity.mail_attempt is
  'An outcome that there is.';
comment on constraint ck_dashboard_cards on identity.dashboard is
  'No more figures than there can be.';

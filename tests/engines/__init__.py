"""What readers do in Firefox and in WebKit, the engine of every iPhone, beside Chromium."""

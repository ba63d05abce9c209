// Reports a login to the forms that wait for it, and closes the tab in which it was made.

new BroadcastChannel("login").postMessage("renewed");
window.close();

// Only on pages of whoever is not signed in: they find nothing that was kept to be read without a network (docs/adr/0019-reading-offline.md).
if ("caches" in window) {
  caches.keys().then((names) => names.filter((name) => name.startsWith("laes-sider-")).map((name) => caches.delete(name)));
}

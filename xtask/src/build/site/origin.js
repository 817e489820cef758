// Puts the origin of this page where the text can only have an example.
for (const code of document.querySelectorAll("code")) {
  if (code.textContent.includes("https://leads.example.com")) {
    code.textContent = code.textContent.replaceAll("https://leads.example.com", location.origin);
  }
}

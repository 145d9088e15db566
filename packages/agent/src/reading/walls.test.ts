import { describe, expect, test } from "vitest";
import { looksLikeLoginWall, looksMissing } from "./walls.ts";

const page = (text: string, title = "", url = "http://a.example/ada") => ({ text, title, url });

describe("a login wall", () => {
  test.each([
    page("Please log in to see this profile."),
    page("You must be logged in to view members."),
    page("Sign in to continue", "Facewall"),
    page("Log in or sign up to see who is here"),
    page("This profile is visible to members only."),
    page("This account is private"),
    page("Username\nPassword\nSign in\nForgot?"),
    page("E-mail\nWeiter", "Sign in"),
    page("Sign in", "", "http://a.example/login?next=/ada"),
    page("Just a moment...\nVerify you are human"),
    page("Our systems have detected unusual traffic"),
    page("Bitte melde dich an"),
  ])("$text $title", (each) => {
    expect(looksLikeLoginWall(each)).toBe(true);
  });

  const long = "Ada rows on the lake and keeps bees behind the harbour office. ".repeat(25);
  test.each([
    page("Ada Quill\nLog in\nSign up\nWorks at Harbour Office. Lives in Wrenport."),
    page(`Log in to comment\n${long}`),
    page(`${long}\nPlease log in to reply.`),
    page("How to choose a password", "Passwords"),
    page("Ada signed in the guestbook"),
  ])("is not: $text", (each) => {
    expect(looksLikeLoginWall(each)).toBe(false);
  });
});

describe("a soft 404", () => {
  test.each([
    page("Page not found"),
    page("Oops!", "404"),
    page("This account does not exist"),
    page("Sorry, the profile you asked for could not be found."),
    page("There is no user by that name"),
    page("We couldn't find that page"),
    page("No such member"),
    page("Nobody here by that name"),
    page("This user has been suspended"),
    page("Seite nicht gefunden"),
    page("Página no encontrada"),
  ])("$text $title", (each) => {
    expect(looksMissing(each)).toBe(true);
  });

  test.each([
    page("Ada Quill\nWorks at Harbour Office"),
    page("Ran 404 km this year. Lives in Wrenport."),
    page(`${"I collect old maps of the coast. ".repeat(12)}The file was not found in the archive.`),
    page("word ".repeat(300), "Not found: a novel"),
    page("Notable people of Wrenport\nAda Quill\nBo Ferris"),
  ])("is not: $text", (each) => {
    expect(looksMissing(each)).toBe(false);
  });
});

// A team's name in the reader's language.
import { useApp, useSelected } from "./store.js";

/** The name of a team as the desk gave it: in that language, else the one it has. */
export const teamName = (team, language) => team?.[language] || team?.name;

/** nameOf(id): the team's name as this agent reads it; undefined where the desk has none. */
export function useTeams() {
  const { prefs } = useApp();
  const teams = useSelected((state) => state.desk.teams);
  return (id) => teamName(teams.find((one) => one.id === id), prefs.language);
}

import type { GeneratedSecrets } from "./appEnvironment.ts";

type Settings = Readonly<Record<string, string>>;

/** Who logs in to an app's dashboard. */
export function dashboardUserOf(settings: Settings, secretSettings: Settings): string {
    return secretSettings.dashboard_user ?? settings.dashboard_user ?? "admin";
}

/** With which password: the stack's own, or else the one that was made for the app. */
export function dashboardPasswordOf(secretSettings: Settings, made: GeneratedSecrets): string {
    return secretSettings.dashboard_password ?? made.dashboardPassword;
}

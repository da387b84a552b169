"""A participant that is none: goes through the pages in a browser, as somebody with a good memory would."""

from selenium.webdriver.common.by import By
from selenium.webdriver.support import expected_conditions
from selenium.webdriver.support.ui import Select, WebDriverWait

from dallinger.bots import BotBase


class Bot(BotBase):
    def sign_up(self):
        self.driver.get(self.URL)
        self.click("a.button[href^='/consent']")
        self.click("a.button[href^='/instructions']")
        self.click("#begin")
        self.wait(expected_conditions.url_contains("participant_id="))
        self.participant_id = self.driver.current_url.partition("participant_id=")[2].partition("&")[0]

    def participate(self):
        self.wait(expected_conditions.element_to_be_clickable((By.ID, "studied")))
        words = [word.text for word in self.driver.find_elements(By.CSS_SELECTOR, "#words li")]
        self.click("#studied")
        self.driver.find_element(By.ID, "answer").send_keys(" ".join(words))
        self.click("#submit")

    def sign_off(self):
        self.wait(expected_conditions.element_to_be_clickable((By.ID, "submit-questionnaire")))
        Select(self.driver.find_element(By.ID, "difficulty")).select_by_value("2")
        self.click("#submit-questionnaire")
        # By then it is handed in. Dallinger has no last page for bots.
        self.wait(expected_conditions.url_contains("/recruiter-exit"))
        return True

    def complete_experiment(self, status):
        """The last page has done so."""

    def click(self, selector):
        self.wait(expected_conditions.element_to_be_clickable((By.CSS_SELECTOR, selector))).click()

    def wait(self, condition):
        return WebDriverWait(self.driver, 30).until(condition)

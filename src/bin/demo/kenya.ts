import type { DemoCountry } from './country.js';

const MUSLIM_GIRLS = ['Amina', 'Fatuma', 'Halima', 'Khadija', 'Maryam', 'Zainab', 'Hawa', 'Rukia', 'Asha', 'Saida', 'Nasra', 'Hibo'];
const MUSLIM_BOYS = ['Abdi', 'Ali', 'Hassan', 'Hussein', 'Ibrahim', 'Yusuf', 'Omar', 'Mohamed', 'Salim', 'Ismail', 'Idris', 'Bakari'];

/** Names that many bear; nobody in particular is meant. */
export const kenya: DemoCountry = {
  code: 'KE',
  nationality: 'Kenyan',
  phoneBlock: '+2547000',
  identifiersOf(random, age) {
    const upi = { type: 'upi', value: `Z${Array.from({ length: 5 }, () => random.pick([...'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'])).join('')}` };
    const assessment = { type: 'assessment', value: `Z00${random.whole(1_000_000, 9_999_999)}` };
    return [...(random.chance(0.8) ? [upi] : []), ...(age >= 9 && age <= 14 ? [assessment] : [])];
  },
  firstGirls: [
    'Grace', 'Faith', 'Mercy', 'Joy', 'Esther', 'Ruth', 'Naomi', 'Abigail', 'Sharon', 'Purity', 'Brenda', 'Lydia', 'Hope', 'Angela', 'Cynthia',
    'Michelle', 'Daisy', 'Irene', 'Tabitha', 'Vivian', 'Blessing', 'Charity', 'Eunice', 'Gloria', 'Hannah', 'Joan', 'Linet', 'Miriam', 'Pauline', 'Valentine',
  ],
  firstBoys: [
    'Brian', 'Kevin', 'Dennis', 'Emmanuel', 'Samuel', 'Daniel', 'David', 'Joseph', 'Ian', 'Victor', 'Collins', 'Felix', 'Elijah', 'Caleb', 'Joshua',
    'Nathan', 'Peter', 'Stephen', 'Timothy', 'Wesley', 'Alvin', 'Bradley', 'Clinton', 'Eugene', 'Gideon', 'Isaac', 'Levi', 'Moses', 'Reagan', 'Simon',
  ],
  streets: [
    'Argwings Kodhek Road', 'Dennis Pritt Road', 'Elgeyo Marakwet Road', 'Galana Road', 'Kindaruma Road', 'Lenana Road', 'Ngong Road', 'Ring Road Kilimani', 'Rose Avenue', 'Wood Avenue',
    'Kawangware Estate', 'Kibera Drive', 'Lavington Green', 'Riruta Satellite', 'Adams Arcade', 'Jamhuri Estate',
  ],
  occupations: [
    'Accountant', 'Boda boda rider', 'Business owner', 'Chef', 'Civil engineer', 'Civil servant', 'Clinical officer', 'Driver', 'Electrician', 'Farmer', 'Lecturer', 'Market trader',
    'Mason', 'Nurse', 'Pastor', 'Pharmacist', 'Police officer', 'Secretary', 'Shopkeeper', 'Software developer', 'Tailor', 'Teacher', 'Security guard', 'Salonist',
  ],
  previousSchools: ['Milimani Primary School', 'Lavington Junior School', 'Riruta Hill Academy', 'Jamhuri Primary School', 'Ngong Springs School', 'Karen View Academy'],
  communities: [
    {
      name: 'Kikuyu', weight: 19, religion: 'Christian', language: 'Kikuyu', homeAreas: ['Kiambu', 'Nyeri', "Murang'a", 'Kirinyaga', 'Nyandarua'],
      surnames: ['Kamau', 'Mwangi', 'Njoroge', 'Kariuki', "Ndung'u", 'Gitau', 'Macharia', 'Waweru', 'Kimani', 'Mbugua', 'Karanja', 'Githinji', 'Maina', 'Kinyua'],
      girls: ['Wanjiku', 'Wambui', 'Njeri', 'Wangari', 'Nyambura', 'Wanjiru', 'Wairimu', 'Muthoni', 'Nyokabi', 'Wangui'],
      boys: ['Kamau', 'Mwangi', 'Njoroge', 'Kariuki', 'Maina', 'Kimani', 'Karanja', 'Irungu', 'Githinji', 'Ndirangu'],
    },
    {
      name: 'Luo', weight: 14, religion: 'Christian', language: 'Dholuo', homeAreas: ['Kisumu', 'Siaya', 'Homa Bay', 'Migori'],
      surnames: ['Odhiambo', 'Otieno', 'Ochieng', 'Onyango', 'Owino', 'Okoth', 'Ouma', 'Omondi', 'Okello', 'Opiyo', 'Ogutu', 'Oduor'],
      girls: ['Achieng', 'Akinyi', 'Atieno', 'Adhiambo', 'Awuor', 'Anyango', 'Apondi', 'Akoth'],
      boys: ['Ochieng', 'Otieno', 'Odhiambo', 'Onyango', 'Okoth', 'Omondi', 'Ouma', 'Opiyo'],
    },
    {
      name: 'Luhya', weight: 15, religion: 'Christian', language: 'Luhya', homeAreas: ['Kakamega', 'Bungoma', 'Vihiga', 'Busia', 'Trans Nzoia'],
      surnames: ['Wafula', 'Wanjala', 'Simiyu', 'Barasa', 'Wekesa', 'Shikuku', 'Makokha', 'Amukoa', 'Lusweti', 'Khisa', 'Juma', 'Masinde'],
      girls: ['Nafula', 'Nekesa', 'Naliaka', 'Khavere', 'Nasimiyu', 'Ayuma', 'Nanjala', 'Shikondi'],
      boys: ['Wafula', 'Wekesa', 'Simiyu', 'Barasa', 'Wanyonyi', 'Khaemba', 'Mukhwana', 'Kundu'],
    },
    {
      name: 'Kalenjin', weight: 12, religion: 'Christian', language: 'Kalenjin', homeAreas: ['Uasin Gishu', 'Nandi', 'Kericho', 'Bomet', 'Elgeyo-Marakwet', 'Baringo'],
      surnames: ['Kiprop', 'Kiprono', 'Cheruiyot', 'Koech', 'Rotich', 'Kipchumba', 'Bett', 'Langat', 'Kiplagat', 'Korir', 'Tanui', 'Sang'],
      girls: ['Chebet', 'Jepkemboi', 'Cherono', 'Jepkosgei', 'Chepngetich', 'Jerop', 'Chelagat', 'Jebet'],
      boys: ['Kipkemboi', 'Kiprotich', 'Kibet', 'Kipngetich', 'Kipruto', 'Kiptoo', 'Kimutai', 'Kipkorir'],
    },
    {
      name: 'Kamba', weight: 11, religion: 'Christian', language: 'Kamba', homeAreas: ['Machakos', 'Kitui', 'Makueni'],
      surnames: ['Mutua', 'Musyoka', 'Muthama', 'Kilonzo', 'Mwendwa', 'Kioko', 'Mulwa', 'Nzioka', 'Mutiso', 'Wambua', 'Munyao'],
      girls: ['Mwikali', 'Ndinda', 'Mumbua', 'Nduku', 'Kanini', 'Syombua', 'Mueni', 'Wayua'],
      boys: ['Mutinda', 'Musau', 'Kyalo', 'Makau', 'Mwanzia', 'Muasya', 'Ndeto', 'Kimeu'],
    },
    {
      name: 'Kisii', weight: 7, religion: 'Christian', language: 'Ekegusii', homeAreas: ['Kisii', 'Nyamira'],
      surnames: ['Nyamongo', 'Omwenga', 'Mogaka', 'Nyakundi', 'Ombati', 'Momanyi', 'Makori', 'Onchiri', 'Ondieki', 'Bosire'],
      girls: ['Kemunto', 'Moraa', 'Bosibori', 'Kwamboka', 'Nyanchama', 'Kerubo', 'Gesare'],
      boys: ['Nyakundi', 'Mogaka', 'Onsongo', 'Makori', 'Obare', 'Motari', 'Nyamweya'],
    },
    {
      name: 'Meru', weight: 6, religion: 'Christian', language: 'Kimeru', homeAreas: ['Meru', 'Tharaka-Nithi', 'Embu'],
      surnames: ['Mugambi', 'Kirimi', 'Murithi', 'Muriuki', 'Gitonga', 'Mutuma', 'Mwenda', 'Kinoti', 'Kathurima'],
      girls: ['Kendi', 'Kagendo', 'Mukami', 'Gacheri', 'Makena', 'Kinya', 'Nkatha'],
      boys: ['Mutwiri', 'Koome', 'Kimathi', 'Munene', 'Muthomi', 'Bundi'],
    },
    {
      name: 'Coast', weight: 6, religion: 'Muslim', language: 'Kiswahili', homeAreas: ['Mombasa', 'Kilifi', 'Kwale', 'Lamu'],
      surnames: ['Mwakio', 'Mwinyi', 'Baya', 'Charo', 'Katana', 'Shee', 'Mwachiro', 'Bakari', 'Athman'],
      girls: ['Mwanaisha', 'Mwanajuma', 'Dama', 'Kadzo', 'Mariam', 'Saumu'], boys: ['Mwinyi', 'Kombo', 'Juma', 'Kahindi', 'Chengo', 'Faraji'],
      firstGirls: MUSLIM_GIRLS, firstBoys: MUSLIM_BOYS,
    },
    {
      name: 'Somali', weight: 5, religion: 'Muslim', language: 'Somali', homeAreas: ['Garissa', 'Wajir', 'Mandera'],
      surnames: ['Abdullahi', 'Farah', 'Warsame', 'Osman', 'Hassan', 'Nur', 'Adan', 'Sheikh', 'Dahir'],
      girls: ['Ifrah', 'Hodan', 'Sahra', 'Ubah', 'Deqa', 'Fowzia'], boys: ['Abdirahman', 'Guled', 'Liban', 'Mahad', 'Bashir', 'Yahya'],
      firstGirls: MUSLIM_GIRLS, firstBoys: MUSLIM_BOYS,
    },
    {
      name: 'Maasai', weight: 2, religion: 'Christian', language: 'Maa', homeAreas: ['Narok', 'Kajiado', 'Samburu'],
      surnames: ['Ole Nkurumwa', 'Sironka', 'Lemayian', 'Saitoti', 'Koinet', 'Tipis', 'Parmuat'],
      girls: ['Naserian', 'Nashipae', 'Silantoi', 'Namunyak'], boys: ['Lemashon', 'Saitoti', 'Parsaloi', 'Leteipa'],
    },
    {
      name: 'Asian Kenyan', weight: 3, religion: 'Hindu', language: 'Gujarati', homeAreas: ['Nairobi City', 'Kisumu'],
      surnames: ['Shah', 'Patel', 'Mehta', 'Gohil', 'Raval', 'Joshi'],
      girls: ['Anjali', 'Meera', 'Hetal', 'Rupa'], boys: ['Kiran', 'Rakesh', 'Nilesh', 'Dipesh'],
      firstGirls: ['Priya', 'Aisha', 'Diya', 'Riya', 'Kavya', 'Nisha'], firstBoys: ['Arjun', 'Rohan', 'Dev', 'Yash', 'Aarav', 'Neel'],
    },
  ],
};

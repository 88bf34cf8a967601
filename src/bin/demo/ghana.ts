import type { DemoCountry } from './country.js';

/** Names that many bear; nobody in particular is meant. */
export const ghana: DemoCountry = {
  code: 'GH',
  nationality: 'Ghanaian',
  phoneBlock: '+2332000',
  identifiersOf(random, age) {
    return age >= 6 && random.chance(0.5) ? [{ type: 'ghana-card', value: `GHA-000${random.whole(100_000, 999_999)}-${random.whole(0, 9)}` }] : [];
  },
  firstGirls: ['Abigail', 'Priscilla', 'Gifty', 'Comfort', 'Mavis', 'Linda', 'Patience', 'Vida', 'Felicia', 'Beatrice', 'Doris', 'Esi', 'Rita', 'Sandra', 'Theresa', 'Vivian'],
  firstBoys: ['Emmanuel', 'Prince', 'Bright', 'Ebenezer', 'Isaac', 'Richmond', 'Godfred', 'Michael', 'Nathaniel', 'Solomon', 'Eric', 'Frank', 'Stephen', 'Derrick', 'Patrick', 'Justice'],
  streets: ['Ring Road East', 'Oxford Street', 'Labadi Road', 'Kanda Highway', 'Spintex Road', 'Nima Roundabout', 'Dzorwulu Crescent', 'Achimota Road', 'Teshie Link', 'Osu Badu Street'],
  occupations: ['Trader', 'Teacher', 'Nurse', 'Taxi driver', 'Seamstress', 'Banker', 'Fisherman', 'Carpenter', 'Civil servant', 'Caterer', 'Mechanic', 'Hairdresser', 'Accountant', 'Pastor'],
  previousSchools: ['Osu Presbyterian Primary', 'Labone Preparatory', 'Adabraka Basic School', 'Kotobabi Cluster of Schools'],
  communities: [
    {
      name: 'Akan', weight: 48, religion: 'Christian', language: 'Twi', homeAreas: ['Ashanti', 'Eastern', 'Central', 'Bono'],
      surnames: ['Mensah', 'Owusu', 'Boateng', 'Asante', 'Osei', 'Appiah', 'Agyeman', 'Ofori', 'Amoako', 'Acheampong', 'Opoku', 'Antwi', 'Frimpong'],
      girls: ['Akosua', 'Adwoa', 'Abena', 'Akua', 'Yaa', 'Afia', 'Ama'], boys: ['Kwasi', 'Kwadwo', 'Kwabena', 'Kwaku', 'Yaw', 'Kofi', 'Kwame'],
    },
    {
      name: 'Ga', weight: 18, religion: 'Christian', language: 'Ga', homeAreas: ['Greater Accra'],
      surnames: ['Lartey', 'Nortey', 'Quaye', 'Tetteh', 'Addo', 'Lamptey', 'Ankrah', 'Okai'],
      girls: ['Naa Dei', 'Naa Korkor', 'Dede', 'Korkoi', 'Naa Ayele'], boys: ['Nii Armah', 'Nii Lante', 'Tettey', 'Nii Okai', 'Ayi'],
    },
    {
      name: 'Ewe', weight: 16, religion: 'Christian', language: 'Ewe', homeAreas: ['Volta', 'Oti'],
      surnames: ['Agbeko', 'Dzokoto', 'Amegashie', 'Kpodo', 'Tsigbe', 'Ahiable', 'Gbeho', 'Fiagbedzi'],
      girls: ['Esinam', 'Dzigbordi', 'Elinam', 'Sena', 'Mawusi'], boys: ['Selorm', 'Edem', 'Mawuli', 'Elikem', 'Kekeli'],
    },
    {
      name: 'Dagomba', weight: 12, religion: 'Muslim', language: 'Dagbani', homeAreas: ['Northern', 'Savannah', 'North East'],
      surnames: ['Alhassan', 'Iddrisu', 'Issah', 'Yakubu', 'Abdulai', 'Fuseini', 'Sulemana'],
      girls: ['Wunpini', 'Neindow', 'Azara', 'Sanatu'], boys: ['Wumbei', 'Tia', 'Napari', 'Sugri'],
      firstGirls: ['Amina', 'Rahinatu', 'Memuna', 'Safia', 'Zeinab'], firstBoys: ['Mohammed', 'Ibrahim', 'Rashid', 'Sadik', 'Baba'],
    },
    {
      name: 'Fante', weight: 6, religion: 'Christian', language: 'Fante', homeAreas: ['Central', 'Western'],
      surnames: ['Quansah', 'Ferguson', 'Aidoo', 'Arthur', 'Eshun', 'Essien', 'Otoo'],
      girls: ['Efua', 'Ekua', 'Araba', 'Aba'], boys: ['Kojo', 'Ekow', 'Kobina', 'Fiifi'],
    },
  ],
};

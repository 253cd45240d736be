import { generateDemoVolume } from './demo/volume';
import { drawSyntheticPatient, makeSyntheticSample } from './dataset/synthetic';
if (process.argv[2]==='demo') {let t=process.cpuUsage(); generateDemoVolume(); console.log(process.cpuUsage(t));}
else { let t=process.cpuUsage(); let n=0; for(let p=0;p<6;p++){const q=drawSyntheticPatient(1,'train',p,2); q.levels.forEach((_,i)=>{makeSyntheticSample(q,i);n++;});} const u=process.cpuUsage(t); console.log(n,u,u.user/n/1000); }

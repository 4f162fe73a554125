// Reads {url, read: [{topic, bytes}], write: [{topic, schema, value}]} from standard input and
// prints {read: [value], write: [bytes]}: records through Confluent's JavaScript client, bytes in
// base64. Its parts for Avro are loaded alone: the rest would load clients of clouds.
import {createRequire} from 'node:module';
import {text} from 'node:stream/consumers';

const require = createRequire(import.meta.url);
const {SchemaRegistryClient} = require('@confluentinc/schemaregistry/dist/schemaregistry-client.js');
const {AvroSerializer, AvroDeserializer} = require('@confluentinc/schemaregistry/dist/serde/avro.js');
const {SerdeType} = require('@confluentinc/schemaregistry/dist/serde/serde.js');

const {url, read, write} = JSON.parse(await text(process.stdin));
const client = SchemaRegistryClient.newClient({baseURLs: [url]});
const deserializer = new AvroDeserializer(client, SerdeType.VALUE, {});
const serializer = new AvroSerializer(client, SerdeType.VALUE, {useLatestVersion: true});

const answer = {read: [], write: []};
for (const {topic, bytes} of read) {
  answer.read.push(await deserializer.deserialize(topic, Buffer.from(bytes, 'base64')));
}
for (const {topic, schema, value} of write) {
  await client.register(`${topic}-value`, {schemaType: 'AVRO', schema});
  answer.write.push((await serializer.serialize(topic, value)).toString('base64'));
}
process.stdout.write(JSON.stringify(answer));
